/** Pure: times of schedules in the browser's own zone, with its offset in view. */

import { dayName, hasWords, t, two } from "./catalogue.js";
import { errorWords } from "./errors.js";
import { UNKNOWN, age, day as dayOf } from "./format.js";

export const FIELDS = ["year", "month", "day", "hour", "minute"];

const RANGES = { year: [2000, 9999], month: [1, 12], day: [1, 31], hour: [0, 23], minute: [0, 59] };
const PAST_TOLERANCE_MS = 60_000; // the present minute is still now

/** The offset from UTC that holds at a moment here: "+09:00". */
export function offset(date) {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A moment as year, month, day, hour and minute here, two digits each but the year. */
export function fieldsOf(date) {
  return {
    year: String(date.getFullYear()),
    month: two(date.getMonth() + 1),
    day: two(date.getDate()),
    hour: two(date.getHours()),
    minute: two(date.getMinutes()),
  };
}

/** ISO 8601 with the offset that holds here at that moment. */
export function isoHere(date) {
  const { year, month, day, hour, minute } = fieldsOf(date);
  return `${year}-${month}-${day}T${hour}:${minute}:${two(date.getSeconds())}${offset(date)}`;
}

function wrongField(texts) {
  for (const name of FIELDS) {
    const [low, high] = RANGES[name];
    const value = /^\d{1,4}$/.test(texts[name].trim()) ? Number(texts[name]) : Number.NaN;
    if (!(value >= low && value <= high)) return { error: t("schedule.range", { field: t(`field.${name}`), low, high }), field: name };
  }
  return null;
}

/**
 * The moment that the fields name.
 * @param {Record<string, string>} texts by FIELDS
 * @returns {{date: Date, later?: Date}|{error: string, field?: string}} later: the same time once more, after the clocks
 *   were put back; error: a sentence for the operator; field: the one that is wrong
 */
export function readFields(texts, now = new Date()) {
  const wrong = wrongField(texts);
  if (wrong !== null) return wrong;
  const [year, month, day, hour, minute] = FIELDS.map((name) => Number(texts[name]));
  const date = new Date(year, month - 1, day, hour, minute);
  const named = t("moment.day", { year, month: two(month), day: two(day) });
  if (date.getDate() !== day && new Date(year, month - 1, day, 12).getDate() !== day) {
    return { error: t("schedule.no_day", { day: named }) };
  }
  if (date.getHours() !== hour || date.getMinutes() !== minute || date.getDate() !== day) {
    return { error: t("schedule.no_time", { day: named, time: `${two(hour)}:${two(minute)}` }) };
  }
  const later = repeated(date);
  const isPast = (one) => one.getTime() < now.getTime() - PAST_TOLERANCE_MS;
  if (isPast(date)) return later === null || isPast(later) ? { error: t("schedule.past", { moment: momentHere(date, now) }) } : { date: later };
  return later === null ? { date } : { date, later };
}

/** The second time that a clock shows the same as at `date`, where it is set back over it; else null. */
function repeated(date) {
  const after = new Date(date.getTime() + 3 * 3600_000);
  const second = new Date(date.getTime() + (after.getTimezoneOffset() - date.getTimezoneOffset()) * 60_000);
  const isSame = second > date && second.getHours() === date.getHours() && second.getMinutes() === date.getMinutes();
  return isSame ? second : null;
}

const noon = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate(), 12).getTime();

function dayWord(date, now) {
  const days = Math.round((noon(date) - noon(now)) / 86_400_000);
  return Math.abs(days) <= 1 ? dayName(days) : dayOf(date);
}

/** "tomorrow 12:00 UTC+09:00". */
export function momentHere(date, now = new Date()) {
  return t("schedule.moment", { day: dayWord(date, now), time: `${two(date.getHours())}:${two(date.getMinutes())}`, offset: offset(date) });
}

/** An ISO 8601 time as `momentHere`; what is none is shown as it came. */
export function scheduleText(iso, now = new Date()) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? String(iso) : momentHere(date, now);
}

/** "in 18 h 04 min"; empty for what has passed. */
export function untilText(date, now = new Date()) {
  const minutes = Math.ceil((date.getTime() - now.getTime()) / 60_000);
  if (minutes <= 0) return "";
  if (minutes < 60) return t("schedule.in_minutes", { min: minutes });
  if (minutes < 2880) return t("schedule.in_hours", { h: Math.floor(minutes / 60), min: two(minutes % 60) });
  return t("schedule.in_days", { days: Math.floor(minutes / 1440) });
}

/** Whether a schedule was sent or need not be, so that it acts. */
export function isInForce({ code }) {
  return code === "in_force";
}

/** Why a schedule waits. */
function reasonWords({ state, params = {} }) {
  const key = `schedule.pending.${params.reason}`;
  if (!hasWords(key)) return String(state ?? "");
  const error = params.error ? errorWords(params.error) : "";
  return t("schedule.pending", { reason: t(key, { ...params, error, jump: age(Math.abs(params.jumped_s ?? 0)), seconds: params.in_s }) });
}

/**
 * A target's schedule in words.
 * @param {{at: string, state: string, code: string, params: object}|undefined} schedule of the picture
 * @returns {{text: string, detail: string, kind: "none"|"to_come"|"in_force"|"pending"}}
 */
export function scheduleWords(schedule, now = new Date()) {
  if (schedule === undefined) return { text: UNKNOWN, detail: "", kind: "none" };
  const text = scheduleText(schedule.at, now);
  if (isInForce(schedule)) return { text, detail: t("schedule.in_force"), kind: "in_force" };
  if (schedule.code === "pending") return { text, detail: reasonWords(schedule), kind: "pending" };
  return { text, detail: untilText(new Date(schedule.at), now), kind: "to_come" };
}
