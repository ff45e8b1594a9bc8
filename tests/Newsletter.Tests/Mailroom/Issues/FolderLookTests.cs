using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Issues;

public sealed class FolderLookTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder folder = new();

    [SetUp]
    public void Make_an_issue() => Write("# One\n", "issues", "0001.md");

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public void What_did_not_change_looks_the_same()
    {
        Write("a", "images", "2026", "a.png");
        var before = Look();

        var after = Look();

        Assert.That(after, Is.EqualTo(before));
    }

    [Test]
    public void A_file_saved_by_renaming_one_of_the_same_length_looks_different()
    {
        var before = Look();

        Write("# Two\n", "saving");
        File.SetLastWriteTimeUtc(folder.File("saving"), File.GetLastWriteTimeUtc(folder.File("issues", "0001.md")).AddMilliseconds(1));
        File.Move(folder.File("saving"), folder.File("issues", "0001.md"), overwrite: true);

        Assert.That(Look(), Is.Not.EqualTo(before));
    }

    [Test]
    public void What_is_added_renamed_or_removed_looks_different_each_time()
    {
        var states = new List<string> { Look() };

        Write("body {}", "themes", "own", "letter.css");
        states.Add(Look());
        File.Move(folder.File("themes", "own", "letter.css"), folder.File("themes", "own", "page.css"));
        states.Add(Look());
        File.Delete(folder.File("themes", "own", "page.css"));
        states.Add(Look());

        Assert.That(states.Take(3), Is.Unique);
        Assert.That(states[3], Is.EqualTo(states[0]));
    }

    [TestCase("issues", ".0001.md.swp")]
    [TestCase("issues", "0001.md~")]
    [TestCase("issues", "#0001.md#")]
    [TestCase("outbox", "letter.eml")]
    [TestCase("subscribers", "newsletter.db")]
    public void An_editor_s_own_copies_and_what_the_program_writes_are_no_news(params string[] names)
    {
        var before = Look();

        Write("x", names);

        Assert.That(Look(), Is.EqualTo(before));
    }

    [Test]
    public void A_folder_elsewhere_is_looked_at_with_the_images_beside_it()
    {
        var states = new List<string>();
        foreach (var names in new[] { new[] { "drafts", "new.md" }, ["drafts", "images", "a.png"], ["images", "b.png"] })
        {
            states.Add(Look("drafts"));
            Write("x", names);
        }

        Assert.That(states.Append(Look("drafts")), Is.Unique);
    }

    [Test]
    public async Task Who_waits_is_told_the_state_that_the_files_have_come_to()
    {
        var look = new FolderLook(new(folder.Path), folder.File("issues"), TimeProvider.System);
        var seen = look.Look();
        var change = look.ChangedAsync(seen, CancellationToken.None);

        Write("", "issues", "0001.md");
        Write("# Another\n", "issues", "0001.md");

        Assert.That(await change.WaitAsync(Patience), Is.Not.EqualTo(seen));
    }

    private string Look(string path = "issues") => new FolderLook(new(folder.Path), folder.File(path), TimeProvider.System).Look();

    private void Write(string text, params string[] names)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(names))!);
        File.WriteAllText(folder.File(names), text);
    }
}
