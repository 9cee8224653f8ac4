/* What pages do better with a script; without one each of them works as well. */
"use strict";
