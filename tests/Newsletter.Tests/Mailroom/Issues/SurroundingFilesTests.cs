using Newsletter.Issues;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Issues;

public sealed class SurroundingFilesTests
{
    private string _root = "";

    [SetUp]
    public void MakeFolder()
    {
        _root = Path.Combine(Path.GetTempPath(), $"surroundings-{Guid.NewGuid():n}");
        Put("issues/0001-first.md", "---\ntitle: \"#1 - Hedges\"\nsubtitle: Bees\ndate: 2026-01-02\nhero-img: images/bee.png\n---\nText");
        Put("issues/0002.md", "---\ntitle: Two\nslug: the-second\n---\nText");
        Put("issues/images/bee.png", "bee");
        Put("images/tree of life.png", "tree");
        Put("subscribers/keys.json", "secret");
        Put("snippets/jobs-now.md", "# Jobs\r\n");
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_root, recursive: true);

    [Test]
    public void Other_issues_are_known_by_number_as_their_front_matter_says()
    {
        Put("issues/welcome.md", "---\ntitle: Welcome\nnumber: 7\n---\nText");

        var issues = Of().Issues;

        Assert.That(issues[1], Is.EqualTo(new IssueEntry(1, "0001-first", "#1 - Hedges", new(2026, 1, 2), "images/bee.png") { FileName = "0001-first.md", Subtitle = "Bees", Body = issues[1].Body }));
        Assert.That(issues[2].Slug, Is.EqualTo("the-second"));
        Assert.That(issues.Keys, Is.EqualTo(new[] { 1, 2, 7 }));
        Assert.That(issues.ContainsKey(3), Is.False);
    }

    [Test]
    public void Two_files_of_one_number_are_both_there()
    {
        Put("issues/0001-copy.md", "---\ntitle: One again\n---\nText");

        Assert.That(Of().Files().Select(file => $"{file.Number} {file.FileName}"), Is.EqualTo(new[] { "1 0001-copy.md", "1 0001-first.md", "2 0002.md" }));
    }

    [Test]
    public async Task A_slip_of_a_theme_names_the_file_from_the_publication_s_folder_on()
    {
        Put("issues/0003.md", "---\ntitle: Three\ntheme: mine\n---\nText");
        Put("themes/mine/theme.yaml", "accent: red");

        var (_, problems) = await new IssueFolder(new(_root), Some.Publication()).RenderAsync(Path.Combine(_root, "issues/0003.md"), CancellationToken.None);

        Assert.That(problems.Select(problem => problem.Message), Has.Some.StartsWith("themes/mine/theme.yaml:1:9: accent"));
    }

    [Test]
    public void The_text_of_another_issue_is_read_when_it_is_asked_for()
    {
        var issue = Of().Issues[1];

        Put("issues/0001-first.md", "---\ntitle: One\n---\n## Hives");

        Assert.That(issue.Body(), Is.EqualTo("## Hives"));
    }

    [Test]
    public void Of_an_issue_that_is_gone_since_there_is_no_text()
    {
        var issue = Of().Issues[1];

        File.Delete(Path.Combine(_root, "issues/0001-first.md"));

        Assert.That(issue.Body(), Is.Null);
    }

    [Test]
    public void A_changed_file_is_read_again()
    {
        Assert.That(Of().Issues[2].Title, Is.EqualTo("Two"));

        Put("issues/0002.md", "---\ntitle: Another\n---\nText");

        Assert.That(Of().Issues[2].Title, Is.EqualTo("Another"));
    }

    [TestCase("jobs-now", "# Jobs\n")]
    [TestCase("none", null)]
    [TestCase("../issues/0002", null)]
    [TestCase("", null)]
    [TestCase("a/b", null)]
    [TestCase("/etc/passwd", null)]
    public void A_snippet_is_found_by_a_plain_name_alone(string name, string? text) => Assert.That(Of().Snippet(name)?.Text, Is.EqualTo(text));

    [TestCase("data/jobs.yaml", "- title: Clerk", "data/jobs.yaml")]
    [TestCase("data/jobs.yml", "- title: Clerk", "data/jobs.yml")]
    [TestCase("data/jobs.json", "[{\"title\": \"Clerk\"}]", "data/jobs.json")]
    [TestCase("data/jobs.csv", "title\nClerk", "data/jobs.csv")]
    public void A_list_is_found_by_its_name_with_its_form(string file, string text, string name)
    {
        Put(file, text);
        Put("data/jobs.md", "{{ item.title }}!\r\n");

        var list = Of().List("jobs")!;

        Assert.That((list.FileName, list.Form, list.Items.Single().Values["title"]), Is.EqualTo((name, "{{ item.title }}!\n", "Clerk")));
        Assert.That(Of().List("../data/jobs"), Is.Null);
    }

    [Test]
    public void A_data_file_that_is_too_large_is_refused_and_not_read_whole()
    {
        Put("data/jobs.csv", new string('x', DataList.MaxBytes + 10));

        Assert.That(Of().List("jobs")!.Problems.Single().Code, Is.EqualTo("file-large"));
    }

    [TestCase("images/bee.png", 3)]
    [TestCase("./images/bee.png?v=2#x", 3)]
    [TestCase("https://news.example.org/issues/images/bee.png", 3)]
    [TestCase("images/tree of life.png", 4)]
    [TestCase("../images/tree%20of%20life.png", 4)]
    [TestCase("/images/tree%20of%20life.png", 4)]
    public void A_local_image_is_found_from_the_issue_and_from_the_publication(string address, int bytes)
    {
        var facts = Of().Image(address);

        Assert.That(facts?.Bytes, Is.EqualTo(bytes));
        Assert.That(facts!.IsLocal);
    }

    [TestCase("images/none.png")]
    [TestCase("../subscribers/keys.json")]
    [TestCase("/subscribers/keys.json")]
    [TestCase("../../../../../../etc/passwd")]
    [TestCase("..%2f..%2f..%2fetc/passwd")]
    [TestCase("images/bee.png/x")]
    [TestCase("images/\0")]
    [TestCase("images\\bee.png%00")]
    public void What_is_not_there_or_not_to_be_published_is_missing(string address) => Assert.That(Of().Image(address)?.Fault, Is.EqualTo(ImageFault.Missing));

    [TestCase("https://elsewhere.example/images/bee.png")]
    [TestCase("https://news.example.org/subscribers/keys.json")]
    [TestCase("cid:bee")]
    [TestCase("data:image/png;base64,AAAA")]
    [TestCase("file:///etc/passwd")]
    [TestCase("http://[")]
    public void Of_an_image_elsewhere_nothing_is_known(string address) => Assert.That(Of().Image(address)?.Content, Is.Null);

    [TestCase("https://news.example.org/news/images/tree%20of%20life.png", 4)]
    [TestCase("https://news.example.org/images/tree%20of%20life.png", null)]
    [TestCase("//news.example.org/images/tree%20of%20life.png", null)]
    [TestCase("/images/tree%20of%20life.png", 4)]
    [TestCase("../images/tree%20of%20life.png", 4)]
    public void A_publication_below_a_path_of_its_host_owns_no_image_beside_that_path(string address, int? bytes)
    {
        var image = new IssueFolder(new(_root), Some.Publication("https://news.example.org/news")).SurroundingsOf(Path.Combine(_root, "issues/0001-first.md")).Image(address);

        Assert.That((image?.Bytes, image?.IsLocal), Is.EqualTo(((long?)bytes, bytes is null ? (bool?)null : true)));
    }

    [TestCase("snippets/odd.md", "[[snippet: odd]]")]
    [TestCase("data/odd.md", "[[list: odd]]")]
    public async Task A_text_of_another_file_is_read_as_strictly_as_an_issue(string file, string use)
    {
        Put("data/odd.yaml", "- title: Clerk");
        Put("issues/0003.md", $"---\ntitle: Three\n---\nText.\n\n{use}\n");
        foreach (var (octets, code) in new (byte[], string?)[] { ([.. "{{ 1 }}\ncaf"u8, 0xE9], "file-encoding"), ([.. "a\nb"u8, 0], "file-nul"), ([.. "a\nb"u8, 0xC2, 0x92], "control-character"), ([], null), ([0xEF, 0xBB, 0xBF, .. "\n"u8], null) })
        {
            await File.WriteAllBytesAsync(Path.Combine(_root, file), octets);

            var (_, problems) = await new IssueFolder(new(_root), Some.Publication()).RenderAsync(Path.Combine(_root, "issues/0003.md"), default);

            var said = problems.Where(problem => problem.Code is "file-encoding" or "file-nul" or "file-empty" or "control-character").Select(problem => $"{problem.Line} {problem.Code} {problem.Message.Split(": ")[0]}");
            Assert.That(said, Is.EqualTo(code is null ? [] : new[] { $"6 {code} {file}:2" }), code);
        }
    }

    [TestCase("snippets/odd.md", "[[snippet: odd]]")]
    [TestCase("data/odd.md", "[[list: odd]]")]
    public async Task A_text_of_another_file_that_is_too_large_is_said(string file, string use)
    {
        Put("data/odd.yaml", "- title: Clerk");
        Put("issues/0003.md", $"---\ntitle: Three\n---\nText.\n\n{use}\n");
        Put(file, new string('a', MarkdownFile.MaxBytes + 1));

        var (_, problems) = await new IssueFolder(new(_root), Some.Publication()).RenderAsync(Path.Combine(_root, "issues/0003.md"), default);

        Assert.That(problems.Where(problem => problem.Severity == Severity.Error).Select(problem => $"{problem.Line} {problem.Code} {problem.Message.Split(": ")[0]}"), Is.EqualTo(new[] { $"6 file-large {file}:1" }));
    }

    [Test]
    public void A_link_out_of_the_folder_is_not_followed()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "images/out.png"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(_root, "images/round.png"), "round.png");
        Directory.CreateSymbolicLink(Path.Combine(_root, "images/dir"), "/etc");
        File.CreateSymbolicLink(Path.Combine(_root, "images/through.png"), Path.Combine(_root, "images/dir/passwd"));
        File.CreateSymbolicLink(Path.Combine(_root, "images/in.png"), "../issues/images/bee.png");

        var image = Of().Image;

        Assert.That(new[] { "out.png", "round.png", "dir/passwd", "through.png" }.Select(name => image($"/images/{name}")?.Fault), Is.All.EqualTo(ImageFault.Missing));
        Assert.That(image("/images/in.png")?.Bytes, Is.EqualTo(3));
    }

    [Test]
    public void What_was_once_seen_of_an_image_on_the_web_is_known()
    {
        Put(ImageRecords.FileName, ImageRecords.Write(new Dictionary<string, ImageFacts> { ["https://e.org/ä.png"] = new() { Width = 640, Height = 480, Bytes = 51234, MediaType = "image/png" } }));

        Assert.That(Of().Image("https://e.org/ä.png"), Is.EqualTo(new ImageFacts { Width = 640, Height = 480, Bytes = 51234, MediaType = "image/png" }));
        Assert.That(Of().Image("https://e.org/b.png"), Is.Null);
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{\"https://e.org/a.png\": 3}")]
    [TestCase("{\"https://e.org/a.png\": {\"width\": -1, \"height\": 1e99, \"type\": 4}}")]
    [TestCase("{\"\\ud800\": {\"width\": 3}}")]
    [TestCase("{\"https://e.org/a.png\": {\"type\": \"\\ud800\"}}")]
    public void A_damaged_record_is_no_record(string json) =>
        Assert.That(ImageRecords.Read(json).Values, Is.All.EqualTo(new ImageFacts()));

    private Surroundings Of() => new IssueFolder(new(_root), Some.Publication()).SurroundingsOf(Path.Combine(_root, "issues/0001-first.md"));

    private void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, name))!);
        File.WriteAllText(Path.Combine(_root, name), text);
    }
}
