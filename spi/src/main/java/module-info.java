/** What a plugin author sees. */
module io.hardway.spi {
  exports io.hardway.spi;
  exports io.hardway.spi.spec;
  exports io.hardway.spi.plan;
}
