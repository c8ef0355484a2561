/**
 * JSON as it is stored and shown: a writer that costs nothing at start-up, and what jackson's
 * streaming parser reads.
 */
package io.hardway.core.json;
