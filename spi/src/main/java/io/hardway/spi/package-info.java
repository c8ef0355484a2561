/**
 * What a plugin author sees: the four kinds of provider, what they are asked, and the {@link
 * io.hardway.spi.PlanBuilder} they answer with.
 *
 * <p>Types that plugins implement gain only default methods; requests are final classes with
 * builders.
 *
 * @since 0.1
 */
package io.hardway.spi;
