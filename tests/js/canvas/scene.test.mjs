import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { course, along, sides } from "../../../js/canvas/curves.js";
import { compose, describeBox, sameScene, speedOf } from "../../../js/canvas/scene.js";
import { busSummary, chargingNodes, dealText, exchangeSummary, modeSummary } from "../../../js/words/summary.js";
import { pictureOf, steps } from "../recording.mjs";

test("at every recorded step the picture shows the crown, the deals and who is near, as the bodies say", () => {
  for (const { log, deals } of steps) {
    const scene = compose(pictureOf(log, deals));
    const boxes = new Map(scene.boxes.map((box) => [box.id, box]));
    assert.deepEqual([...boxes.keys()], Object.keys(log).toSorted());
    for (const [id, raw] of Object.entries(log)) {
      const inDeal = deals.some((deal) => deal.chargingUnit === id || deal.dischargingUnit === id);
      assert.equal(boxes.get(id).crown, raw.dcdc.status.status === "0x0014");
      assert.equal(boxes.get(id).near, inDeal || Math.abs(raw.dcdc.meter.wg) > 40);
      assert.equal(boxes.get(id).percent, `${Math.round(raw.battery.rsoc)}%`);
    }
    for (const deal of deals) {
      const curve = scene.curves.find(({ from, to }) => from === deal.dischargingUnit && to === deal.chargingUnit);
      assert.equal(curve.speed > 0, Math.abs(log[deal.chargingUnit].dcdc.meter.wg) >= 40);
    }
  }
});

test("in Manual the dots run between node and hub, towards the hub when the node discharges", () => {
  const { log, deals } = steps.find((step) => step.doing.includes("E004 CC charge") && step.log.E004.dcdc.meter.wg > 40);
  const { curves } = compose(pictureOf(log, deals));
  assert.deepEqual(curves.map(({ from, to }) => [from, to]), [["E001", null], [null, "E004"]]);
});

test("a deal whose charging node has under 40 W has its curve without dots", () => {
  const log = { a: { dcdc: { meter: { wg: 39 } } }, b: {} };
  const [curve] = compose(pictureOf(log, [{ chargingUnit: "a", dischargingUnit: "b" }])).curves;
  assert.equal(curve.speed, 0);
});

test("dots of a box begin at their thresholds", () => {
  const box = (emu, p2) => compose(pictureOf({ a: { emu, dcdc: { powermeter: { p2 } } } }, [])).boxes[0];
  const below = box({ pvc_charge_power: 199, ups_output_power: 99 }, 399);
  assert.deepEqual([below.pv, below.load, below.mains], [0, 0, 0]);
  const above = box({ pvc_charge_power: "200", ups_output_power: 100 }, 400);
  assert.ok(above.pv > 0 && above.load > 0 && above.mains > 0);
  assert.ok(speedOf(700) > speedOf(350));
});

test("old data never look live", () => {
  const { log, deals } = steps[10];
  const picture = pictureOf(log, deals, { E001: { state: "stale", age_s: 41 }, E002: { state: "unconfirmed" } });
  const scene = compose(picture);
  assert.ok(scene.curves.every(({ live }) => !live)); // both deals touch a node that is not fresh
  assert.equal(scene.boxes[0].live, false);
  assert.equal(scene.boxes[0].mark.detail, "41 s old");
  assert.equal(scene.hub.old, true);
});

test("a lost node stays, with the time it was last seen and without crown or dots", () => {
  const { log, deals } = steps.at(-1);
  const lost = { state: "lost", last_seen: "2026-11-23T14:03:10+00:00", display: "House 2", ip: "192.0.2.12", age_s: 50 };
  const picture = pictureOf(log, deals, { E002: lost });
  const box = compose(picture).boxes.find(({ id }) => id === "E002");
  assert.equal(box.state, "lost");
  assert.equal(box.mark.word, "lost");
  assert.match(describeBox(box), /^E002: .*lost$/);
  assert.equal(picture.nodes.find(({ id }) => id === "E002").display, "House 2");
});

test("a scene differs from another when anything that is drawn does", () => {
  const { log, deals } = steps[10];
  const picture = pictureOf(log, deals);
  assert.ok(sameScene(compose(picture), compose(picture)));
  const otherwise = (change) => sameScene(compose(picture), compose({ ...picture, ...change }));
  const [first, ...rest] = picture.nodes;
  assert.equal(otherwise({ nodes: [{ ...first, rsoc: 1 }, ...rest] }), false);
  assert.ok(otherwise({ nodes: [{ ...first }, ...rest], deals: picture.deals.map((deal) => ({ ...deal })) }));
  const taking = picture.nodes.find(({ id }) => id === picture.deals[0].charging);
  const stale = picture.nodes.map((node) => (node === taking ? { ...node, state: "stale" } : node));
  assert.equal(compose({ ...picture, nodes: stale }).curves.find(({ to }) => to === taking.id).live, false);
  assert.equal(otherwise({ nodes: rest }), false);
  assert.equal(otherwise({ deals: [] }), false);
  assert.equal(otherwise({ old: { why: "late", ageS: 9 } }), false);
});

test("deals of nodes nobody knows are no reason to fail", () => {
  const scene = compose(pictureOf({ a: {} }, [{ chargingUnit: "a" }, { dischargingUnit: "zz" }, {}]));
  assert.deepEqual(scene.curves.map(({ from, to }) => [from, to]), [[null, "a"]]);
});

test("the mode is one word when the nodes agree, and a count when they do not", () => {
  const node = (global) => ({ apis: { operation_mode: { global } } });
  const agree = modeSummary(pictureOf({ a: node("manual"), b: node("manual") }, []));
  assert.deepEqual(agree, { word: "Manual", detail: "2 of 2 report it", short: "2 of 2", mode: "manual" });
  const soft = { a: node("heteronomous"), b: node("heteronomous"), c: node("heteronomous"), d: node("autonomous") };
  const differ = modeSummary(pictureOf(soft, []));
  assert.deepEqual(differ, { word: "3 of 4 report Soft Stop", detail: "1 of 4 reports Run", short: "1 of 4 reports Run", mode: null });
  assert.equal(modeSummary(pictureOf({ a: {} }, [])).word, "--");
});

test("deals, power exchanged and bus voltage are told as recorded", () => {
  const { log, deals } = steps[10];
  const picture = pictureOf(log, deals);
  assert.deepEqual(exchangeSummary(picture), { deals: "2 deals", power: "700 W on the bus", old: false });
  const late = { ...picture, dealsOld: { why: "500", ageS: 15 } };
  assert.equal(exchangeSummary(late).deals, "2 deals, old");
  assert.ok(compose(picture).curves.every(({ live }) => live));
  assert.ok(compose(late).curves.every(({ live }) => !live));
  assert.deepEqual(busSummary(picture), { text: "350 V", note: "", notes: [], old: false });
  assert.equal(dealText(picture.deals[0], chargingNodes(picture)).title, "E002 charges from E001");
  const own = { ...picture.deals[0], charging: "E002", discharging: "E001" };
  const powerIn = (all) => dealText(own, chargingNodes({ ...picture, deals: all })).power;
  assert.match(powerIn([own]), /^\d+ W$/);
  assert.match(powerIn([own, { ...own, key: "second" }]), /^\d+ W in 2 deals$/);
  assert.equal(dealText({ ...own, charging: "X" }, chargingNodes(picture)).power, "--");
  const { log: last } = steps.at(-1);
  const highest = Math.max(...Object.values(last).map((node) => node.dcdc.meter.vg));
  const told = busSummary(pictureOf(last, []));
  assert.equal(told.text, `${Math.round(highest * 10) / 10} V`); // nobody holds it, which is no proof that it is dead
  assert.deepEqual(told.notes, ["highest measured, up to 5 s old", "no proof of absence of voltage"]);
  assert.deepEqual(busSummary(pictureOf({ a: {} }, [])), { text: "-- V", note: "", notes: ["no proof of absence of voltage"], old: false });
});

test("a curve runs from one box to the other, beside the hub", () => {
  const hub = { x: 0, y: 0, r: 30 };
  const end = (x, y) => ({ x, y, rect: { left: x - 20, right: x + 20, top: y - 40, bottom: y + 40 } });
  const [from, to] = [end(0, -150), end(0, 150)];
  const [side] = sides([{ from, to }], hub);
  const path = course(from, to, hub, side);
  assert.ok(path.points[0].y < -100 && path.points.at(-1).y > 100);
  assert.ok(path.points.every(({ x, y }) => Math.hypot(x, y) >= hub.r));
  const middle = along(path, path.length / 2);
  assert.ok(Math.abs(middle.y) < 5 && Math.abs(middle.x) < 2 * hub.r);
});

test("a course that leaves the sight and comes back is cut, not joined", () => {
  const hub = { x: 0, y: 0, r: 10 };
  const sight = { left: -1000, right: 1000, top: 40, bottom: 1000 };
  const path = course({ x: -900, y: 300, rect: null }, { x: 900, y: 350, rect: null }, hub, { x: 0, y: -1 }, 0, sight);
  const whole = course({ x: -900, y: 300, rect: null }, { x: 900, y: 350, rect: null }, hub, { x: 0, y: -1 });
  assert.ok(path.points.length > 3 && path.points.length < whole.points.length / 2 + 1);
  assert.ok(path.points.every(({ x }) => x > 0) || path.points.every(({ x }) => x < 0));
});

test("two deals across the hub pass it on different sides", () => {
  const hub = { x: 0, y: 0, r: 30 };
  const ends = [{ from: { x: 0, y: -100 }, to: { x: 0, y: 100 } }, { from: { x: 100, y: 0 }, to: { x: 0, y: -100 } }];
  const [across, beside] = sides(ends, hub);
  assert.ok(across.x * beside.x < 0);
});
