/** Block 1: the canvas, and inside it the same picture as a list of words for those who cannot see it. */

import { Canvas } from "./canvas.js";
import { keyedList, setAttribute, setText } from "./keyed.js";
import { compose, describeBox, describeCurve } from "./scene.js";

function createBoxWords() {
  const element = document.createElement("li");
  const update = ({ box }) => {
    setText(element, describeBox(box));
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
  const update = ({ curve }) => {
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
  return `Energy sharing: ${boxes.length} nodes, ${near} near the hub, ${curves.length} flows, bus ${hub.volts}`;
}

/**
 * @param {{canvas: HTMLCanvasElement, boxes: Element, curves: Element, clock: Element}} parts
 * @returns {{show: (picture: object) => void, readColours: () => void}}
 */
export function createEnergy({ canvas, boxes, curves, clock }) {
  const drawing = new Canvas(canvas);
  const showBoxes = keyedList(boxes, createBoxWords);
  const showCurves = keyedList(curves, createCurveWords);
  return {
    show(picture) {
      const scene = compose(picture);
      drawing.show(scene);
      showBoxes(scene.boxes.map((box) => ({ key: box.id, box })));
      showCurves(scene.curves.map((curve) => ({ key: curve.key, curve })));
      setAttribute(canvas, "aria-label", summary(scene));
      setText(clock, `node time ${scene.clock}`);
    },
    readColours: () => drawing.readColours(),
  };
}
