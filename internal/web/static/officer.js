// The scripts of the officers' pages, in the order in which they set themselves up.

import "./core.js";
import "./live.js";
import "./keep.js";
import "./desk.js";
import "./bulk.js";
import "./case.js";
import "./call.js";
import "./draft.js";
import "./review.js";
import "./register.js";
import "./choose.js";
import "./passkey.js";
import "./ageing.js";
