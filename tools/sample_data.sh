# The real data of the demo, sourced by ./dev: Apple's daily bars of five years, from npm.

sample_package=@observablehq/sample-datasets@1.0.1
sample_bars=$here/build/data/aapl.csv

# Fetches the bars into build/data/, once. Without the network the demo goes on without them.
fetch_sample_data() {
  [ ! -s "$sample_bars" ] || return 0
  local making=$here/build/data.making.$$
  mkdir -p "$making" "${sample_bars%/*}"
  if (cd "$making" && with_progress "fetching sample data: $sample_package from npm" \
        npm pack --silent --no-update-notifier --fetch-retries 1 --fetch-timeout 20000 "$sample_package" &&
        tar -xzf ./*.tgz package/aapl.csv) &&
      mv -T "$making/package/aapl.csv" "$sample_bars"; then
    say "sample data is in build/data/"
  else
    say "the sample data could not be fetched from npm (is there a network?): going on with generated data alone"
  fi
  rm -rf "$making"
}
