using System.Runtime.Versioning;
using Newsletter.Issues;
using Newsletter.Linting;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Issues;

public sealed class OnlineLintTests
{
    private static AnsweringSite _site = null!;

    [OneTimeSetUp]
    public static async Task Start() => _site = await AnsweringSite.StartAsync();

    [OneTimeTearDown]
    public static async Task Stop() => await _site.DisposeAsync();

    [Test]
    public async Task What_is_seen_of_an_image_is_kept_for_rendering()
    {
        using var folder = new TemporaryFolder();
        var image = new WebAddress(new(_site.Base + "/bee.png"), true, 1, 1);
        var page = new WebAddress(new(_site.Base + "/fine"), true, 1, 1);
        var lint = LintOf(folder);

        var seen = await lint.VisitAsync([image, page], _ => { }, default);

        Assert.That(seen(image)!.Finding(image), Is.Null);
        Assert.That(seen(page)!.Finding(page)!.Code, Is.EqualTo("online-type"));
        var records = ImageRecords.Read(await File.ReadAllTextAsync(Path.Combine(folder.Path, ImageRecords.FileName)));
        Assert.That(records.Keys, Is.EqualTo(new[] { _site.Base + "/bee.png" }));
        Assert.That((records[_site.Base + "/bee.png"].Width, records[_site.Base + "/bee.png"].Height, records[_site.Base + "/bee.png"].Bytes), Is.EqualTo((640, 480, 400_000L)));
    }

    [TestCase("{ \"https://example.org/a.png\": { \"width\": 640 }")]
    [TestCase("[]")]
    [TestCase("{\"\\ud800\": {\"width\": 3}}")]
    [TestCase("{\"https://example.org/a.png\": {\"type\": \"\\ud800\"}}")]
    [TestCase("<<<<<<< ours\n{}\n")]
    public async Task Records_that_cannot_be_read_are_left_as_they_are_and_it_is_said(string broken)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, ImageRecords.FileName);
        await File.WriteAllTextAsync(path, broken);
        var lint = LintOf(folder);

        var seen = await lint.VisitAsync([new(new(_site.Base + "/bee.png"), true, 1, 1)], _ => { }, default);

        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(broken));
        Assert.That(lint.Trouble, Does.StartWith($"{path}: ").And.Contains("nothing was written to it"));
        Assert.That(seen(new(new(_site.Base + "/bee.png"), true, 1, 1))!.Image!.Width, Is.EqualTo(640));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{}")]
    public async Task Records_that_are_not_there_yet_are_no_trouble(string? before)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, ImageRecords.FileName);
        if (before is not null)
            await File.WriteAllTextAsync(path, before);
        var lint = LintOf(folder);

        await lint.VisitAsync([new(new(_site.Base + "/bee.png"), true, 1, 1)], _ => { }, default);

        Assert.That((lint.Trouble, ImageRecords.Read(await File.ReadAllTextAsync(path)).Count), Is.EqualTo(("", 1)));
    }

    [Test]
    public async Task What_says_that_it_is_an_image_and_is_none_is_said()
    {
        using var folder = new TemporaryFolder();
        var image = new WebAddress(new(_site.Base + "/no-image"), true, 1, 1);

        var seen = await LintOf(folder).VisitAsync([image], _ => { }, default);

        Assert.That(seen(image)!.Finding(image)?.Code, Is.EqualTo("online-type"));
        Assert.That(File.Exists(Path.Combine(folder.Path, ImageRecords.FileName)), Is.False);
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task Other_users_may_read_the_records_as_any_other_file_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("any"), "");

        await LintOf(folder).VisitAsync([new(new(_site.Base + "/bee.png"), true, 1, 1)], _ => { }, default);

        Assert.That(File.GetUnixFileMode(folder.File(ImageRecords.FileName)), Is.EqualTo(File.GetUnixFileMode(folder.File("any"))));
    }

    private static OnlineLint LintOf(TemporaryFolder folder) => new(new(folder.Path), Some.Publication(_site.Base), new WebVisitOptions { Pause = TimeSpan.Zero, MostBytes = 4096, AllowsPrivate = true }, TimeProvider.System);
}
