#include "replay/line_reader.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "support/files.hpp"

using namespace lineshaft;

namespace {

std::string gzip(const support::temporary_folder& folder, std::string_view content) {
  const auto path = (folder / "packed");
  gzFile file = ::gzopen(path.c_str(), "wb");
  ::gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  ::gzclose(file);
  return path;
}

std::vector<std::string> all_lines(replay::line_reader& reader) {
  std::vector<std::string> lines;
  for (;;) {
    const auto line = reader.next();
    if (!line) lines.push_back("error: " + line.error().message());
    if (!line || !*line) return lines;
    lines.push_back((*line)->too_long ? "too long" : std::string((*line)->text));
  }
}

}  // namespace

TEST(line_reader, gives_the_lines_of_a_file_plain_or_gzip_whatever_its_name) {
  const std::pair<std::string, std::vector<std::string>> rows[] = {
      {"", {}},
      {"a", {"a"}},
      {"a\n", {"a"}},
      {"a\n\nb", {"a", "", "b"}},
      {"a\r\nb\r\n", {"a", "b"}},
      {"\xef\xbb\xbf"
       "a\n\xef\xbb\xbf"
       "b\n",
       {"a",
        "\xef\xbb\xbf"
        "b"}},
      {"\n", {""}},
  };
  const support::temporary_folder folder;
  for (const auto& [content, expected] : rows) {
    for (const auto& path : {folder.write("plain.gz", content), gzip(folder, content)}) {
      auto reader = replay::line_reader::open(path);
      ASSERT_TRUE(reader);
      EXPECT_EQ(all_lines(*reader), expected) << content;
      EXPECT_EQ(reader->number(), expected.size());
      ASSERT_TRUE(reader->rewind());
      EXPECT_EQ(all_lines(*reader), expected) << content;
    }
  }
}

TEST(line_reader, gives_lines_longer_than_what_is_read_at_once_and_skips_those_over_the_limit) {
  const support::temporary_folder folder;
  const std::string long_line(3'000'000, 'x'), too_long(replay::line_reader::line_limit + 1, 'y');
  auto reader =
      replay::line_reader::open(folder.write("f", "a\n" + long_line + "\n" + too_long + "\nb\n" + too_long + too_long));
  ASSERT_TRUE(reader);
  EXPECT_EQ(all_lines(*reader), (std::vector<std::string>{"a", long_line, "too long", "b", "too long"}));
}

TEST(line_reader, says_why_a_file_cannot_be_read) {
  const support::temporary_folder folder;
  EXPECT_EQ(replay::line_reader::open(folder / "none").error().message(),
            "cannot open '" + (folder / "none") + "': No such file or directory");
  EXPECT_EQ(replay::line_reader::open(folder / "").error().message(),
            "cannot open '" + (folder / "") + "': Is a directory");

  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "line " + std::to_string(i * 7919) + "\n";
  const auto whole = gzip(folder, lines);
  const auto size = std::filesystem::file_size(whole);
  std::filesystem::resize_file(whole, size / 2);
  auto cut = replay::line_reader::open(whole);
  ASSERT_TRUE(cut);
  auto read = all_lines(*cut);
  EXPECT_GT(read.size(), 500U);
  EXPECT_EQ(read.front(), "line 0");
  EXPECT_TRUE(read.back().starts_with("error: cannot read '" + whole + "' after line ")) << read.back();
  EXPECT_TRUE(read.back().ends_with(": the gzip data end too early")) << read.back();

  auto damaged = replay::line_reader::open(
      folder.write("damaged", std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + std::string(100, '\xff')));
  ASSERT_TRUE(damaged);
  read = all_lines(*damaged);
  EXPECT_TRUE(read.back().contains("after line 0: the gzip data are damaged")) << read.back();
}
