/** JSON as it is stored and shown: a writer that costs nothing at start-up, and what was read. */
package io.hardway.core.json;
