/** Block 1: the canvas, what one can do with it, and inside it the same picture in words for those who cannot see it. */

import { keyedList, setAttribute, setText } from "../ui/dom.js";
import { listOf, t } from "../words/catalogue.js";
import { Canvas } from "./canvas.js";
import { createFind } from "./find.js";
import { createHover, hubLines, nodeLines } from "./hover.js";
import { wirePointer } from "./pointer.js";
import { wireRoving } from "./roving.js";
import { compose, describeBox, describeCurve, sameScene } from "./scene.js";

const ZOOM = 1.5;
const MARKED_MS = 6000; // how long a node that was found keeps its ring

function createBoxWords() {
  const element = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  element.append(button);
  let before = null;
  const update = ({ box }) => {
    if (box === before) return;
    before = box;
    setText(button, describeBox(box));
    setAttribute(element, "data-id", box.id);
    setAttribute(element, "data-state", box.state);
    setAttribute(element, "data-near", box.near ? "" : null);
    setAttribute(element, "data-crown", box.crown ? "" : null);
    setAttribute(element, "data-percent", box.percent);
    setAttribute(element, "data-live", box.live ? "" : null);
  };
  return { element, update };
}

function createCurveWords() {
  const element = document.createElement("li");
  let before = null;
  const update = ({ curve }) => {
    if (curve === before) return;
    before = curve;
    setText(element, describeCurve(curve));
    setAttribute(element, "data-from", curve.from);
    setAttribute(element, "data-to", curve.to);
    setAttribute(element, "data-dots", curve.speed > 0 ? "" : null);
    setAttribute(element, "data-live", curve.live ? "" : null);
  };
  return { element, update };
}

function summary({ boxes, curves, hub }) {
  const near = boxes.filter((box) => box.near).length;
  return t("canvas.summary", { nodes: boxes.length, near, flows: curves.length, bus: listOf([hub.volts, ...hub.notes]) });
}

const byId = (id) => document.getElementById(id);

function wireZoom(canvas) {
  byId("zoom-in").addEventListener("click", () => canvas.zoomBy(ZOOM));
  byId("zoom-out").addEventListener("click", () => canvas.zoomBy(1 / ZOOM));
  byId("zoom-fit").addEventListener("click", () => canvas.fit());
}

export class Energy {
  #element = byId("energy");
  #canvas;
  #picture = { nodes: [], deals: [] };
  #scene = null;
  #pointed = null;
  #hover = createHover(byId("energy-tip"), byId("energy-frame"));
  #showBoxes = keyedList(byId("energy-boxes"), createBoxWords);
  #showCurves = keyedList(byId("energy-curves"), createCurveWords);
  #showNames;
  #roving;
  #unmark = null;

  /** @param {{onOpen: (id: string) => void}} told onOpen: a node was chosen */
  constructor({ onOpen }) {
    this.#canvas = new Canvas(this.#element, byId("energy-still"), ({ k }) => {
      this.#element.classList.toggle("is-near", k > 1);
      byId("zoom-out").disabled = byId("zoom-fit").disabled = k === 1;
    });
    wireZoom(this.#canvas);
    wirePointer(this.#element, this.#canvas, { onOpen, onHover: (what, at) => this.#point(what, at) });
    this.#roving = wireRoving({ list: byId("energy-boxes"), element: this.#element, canvas: this.#canvas, onOpen });
    this.#wireHub(byId("energy-hub"));
    this.#showNames = createFind({
      form: byId("find"),
      field: byId("find-field"),
      options: byId("find-nodes"),
      note: byId("find-note"),
      nodes: () => this.#picture.nodes,
      onFound: (id) => this.#found(id),
    });
  }

  /** The hub says by keyboard what it says when it is pointed at. */
  #wireHub(button) {
    button.addEventListener("focus", () => {
      this.#element.scrollIntoView({ block: "nearest" });
      this.#point({ hub: true }, this.#canvas.hubSpot);
    });
    button.addEventListener("blur", () => this.#point(null, null));
  }

  #found(id) {
    this.#canvas.bring(id);
    this.#canvas.focus(id);
    clearTimeout(this.#unmark);
    this.#unmark = setTimeout(() => this.#canvas.focus(null), MARKED_MS);
  }

  #point(what, at) {
    this.#pointed = what === null || at === null ? null : { what, at };
    this.#tell();
  }

  #tell() {
    if (this.#pointed === null) return this.#hover([], null);
    const { what, at } = this.#pointed;
    return this.#hover(what.hub ? hubLines(this.#picture, this.#scene.boxes) : nodeLines(what.id, this.#picture), at);
  }

  show(picture) {
    const scene = compose(picture);
    const isNew = this.#scene === null || !sameScene(this.#scene, scene);
    this.#picture = picture;
    this.#scene = scene;
    if (isNew) this.#showScene(scene);
    if (this.#pointed !== null) this.#tell();
    setText(byId("energy-hub"), t("canvas.hub", { lines: listOf(hubLines(picture, scene.boxes)) }));
    setText(byId("clock"), t("canvas.clock", { time: scene.clock }));
  }

  #showScene(scene) {
    this.#canvas.show(scene);
    this.#showBoxes(scene.boxes.map((box) => ({ key: box.id, box })));
    this.#showCurves(scene.curves.map((curve) => ({ key: curve.key, curve })));
    this.#showNames(this.#picture.nodes);
    this.#roving.keep();
    setAttribute(this.#element, "aria-label", summary(scene));
  }

  /** Put the keyboard back on a node. */
  focus(id) {
    this.#roving.focus(id);
  }

  readColours() {
    this.#canvas.readColours();
  }
}
