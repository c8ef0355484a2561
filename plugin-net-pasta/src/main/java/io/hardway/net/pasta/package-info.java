/** Networks of ordinary users: what a container sends, pasta sends as the user. */
package io.hardway.net.pasta;
