/**
 * The values that options take, each with its own grammar: docker's, where docker has one. A wrong
 * one is answered with the remedy.
 */
package io.hardway.cli.value;
