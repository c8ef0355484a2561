/**
 * Plans as values: steps, the operations they perform, and the assembler behind {@link
 * io.hardway.spi.PlanBuilder}.
 *
 * <p>Not part of the stable API: plugins reach it through {@code io.hardway.spi} only.
 */
package io.hardway.spi.plan;
