/** Pure: what the server's table of commands says of them, as it came with the page. */

let table = {};

/** @param {Record<string, object>} described by command name, as main_controller/commands/described.py makes it */
export function useCommands(described) {
  table = described;
}

/**
 * The highest value that a parameter may have, in its unit.
 * @param {string} command
 * @param {string} parameter
 */
export function highest(command, parameter) {
  return table[command].parameters[parameter].highest;
}

/**
 * Whether a command with these values only stops, so that it is never hindered.
 * @param {string} command
 * @param {Record<string, string>} values by parameter
 */
export function onlyStops(command, values) {
  const stops = table[command].only_stops;
  if (typeof stops === "boolean") return stops;
  return Object.entries(stops).every(([name, stopping]) => stopping.includes(values[name]));
}
