/** The words of the page in English, for whatever a test reads. */
import { readFileSync } from "node:fs";

import { useCatalogue } from "../../js/words/catalogue.js";

useCatalogue(JSON.parse(readFileSync(new URL("../../words/en.json", import.meta.url), "utf8")), "en");
