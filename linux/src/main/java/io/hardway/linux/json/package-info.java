/** JSON that others have written: read as a stream, and refused by place. */
package io.hardway.linux.json;
