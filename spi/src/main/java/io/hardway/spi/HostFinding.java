package io.hardway.spi;

/**
 * Something about the host that users may want to know, for {@code hardway doctor}.
 *
 * @param subject what it is about, in a few words
 * @param isGood whether nothing is missing
 * @param remark what is so, or what is missing and what to do about it
 * @since 0.1
 */
public record HostFinding(String subject, boolean isGood, String remark) {}
