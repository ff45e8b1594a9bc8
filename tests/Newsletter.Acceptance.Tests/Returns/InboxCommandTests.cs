using System.Globalization;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>The inbox on the command line, as the editor uses it.</summary>
public sealed class InboxCommandTests
{
    private static readonly string[] Berlin = ["--set", "Publication:TimeZone=Europe/Berlin"];

    [Test]
    public async Task A_conversation_is_told_in_the_order_in_which_it_was_written()
    {
        using var publication = await WithMailAsync("one");
        await publication.Newsletter.FeedAsync("two\n", "inbox", "answer", "1");
        await TakeAsync(publication, "three", "Re: Hedges");

        var shown = (await publication.Newsletter.RunAsync("inbox", "show", "1")).Output;
        var json = (await publication.Newsletter.RunAsync("inbox", "show", "1", "--json")).Output.TrimEnd().Split('\n');

        Assert.That(new[] { "\none\n", "\ntwo\n", "\nthree\n" }.Select(words => shown.IndexOf(words, StringComparison.Ordinal)), Is.Ordered.And.All.GreaterThan(0), shown);
        Assert.That(json.Select(line => line.Contains("\"answer\":1", StringComparison.Ordinal)), Is.EqualTo(new[] { false, true, false }));
    }

    [Test]
    public async Task Times_are_by_the_publications_clock_and_a_mail_that_came_late_says_when_it_was_written()
    {
        using var publication = await WithMailAsync("one", "Date: Sun, 1 Nov 2020 23:30:00 +0000\n");
        await publication.Newsletter.FeedAsync("two\n", "inbox", "answer", "1");

        var list = (await publication.Newsletter.RunAsync(["inbox", .. Berlin])).Output;
        var shown = (await publication.Newsletter.RunAsync(["inbox", "show", "1", .. Berlin])).Output;

        Assert.That(list, Does.Match(@" \d\d\d\d-\d\d-\d\d \d\d:\d\d Europe/Berlin "));
        Assert.That(shown, Does.Match(@"Came:    \d\d\d\d-\d\d-\d\d \d\d:\d\d Europe/Berlin, dated 2020-11-02 00:30 Europe/Berlin").And.Match(@"sent \d\d\d\d-\d\d-\d\d \d\d:\d\d Europe/Berlin"));
    }

    [Test]
    public async Task A_tag_is_one_that_the_page_would_take_and_what_is_not_there_is_said()
    {
        using var publication = await WithMailAsync("one");

        var tagged = await publication.Newsletter.RunAsync("inbox", "tag", "1", " good  words ");
        var empty = await publication.Newsletter.RunAsync("inbox", "tag", "1", "");
        var tooLong = await publication.Newsletter.RunAsync("inbox", "tag", "1", new string('x', 41));
        var unknown = await publication.Newsletter.RunAsync("inbox", "untag", "1", "praise");
        var nowhere = await publication.Newsletter.RunAsync("inbox", "tag", "9", "praise");
        var untagged = await publication.Newsletter.RunAsync("inbox", "untag", "1", "good words");
        var nothing = await publication.Newsletter.RunAsync("inbox", "--search", "praise");

        Assert.That(new[] { tagged, empty, tooLong, unknown, nowhere, untagged, nothing }.Select(run => run.Code), Is.EqualTo(new[] { 0, 1, 1, 1, 1, 0, 0 }));
        Assert.That((empty.Errors, tooLong.Errors), Is.EqualTo(("newsletter: a tag has 1 to 40 letters\n", "newsletter: a tag has 1 to 40 letters\n")));
        Assert.That(unknown.Errors, Does.Contain("conversation 1 has no tag \"praise\"; it has \"good words\""));
        Assert.That((nothing.Output, nothing.Errors), Is.EqualTo(("", "newsletter: no conversation is there; those that are done are listed with --state all\n")));
    }

    /// <summary>As on the page: should the answer fail for good, it brings the conversation back.</summary>
    [Test]
    public async Task Done_is_done_though_the_relay_is_away_and_the_answer_waits()
    {
        using var publication = await WithMailAsync("one");

        var answered = await publication.Newsletter.FeedAsync("two\n", "inbox", "answer", "1", "--done", "--set", "Relays:0:Host=127.0.0.1", "--set", string.Create(CultureInfo.InvariantCulture, $"Relays:0:Port={Machine.FreePort()}"), "--set", "Relays:0:Security=None");

        Assert.That((answered.Code, answered.Output), Is.EqualTo((3, "answer 1 to ida@harbour.example: waiting\n")), answered.Errors);
        Assert.That(publication.Count("threads where state = 'done'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_file_that_is_there_is_not_overwritten_and_the_way_out_is_said()
    {
        using var publication = await WithMailAsync("--b\nContent-Type: application/pdf; name=map.pdf\n\n%PDF-1.7 map\n--b--", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n");

        var first = await publication.Newsletter.RunAsync("inbox", "attachment", "1", "1", "--out", publication.File("map.pdf"));
        var second = await publication.Newsletter.RunAsync("inbox", "attachment", "1", "1", "--out", publication.File("map.pdf"));

        Assert.That((first.Code, second.Code), Is.EqualTo((0, 1)), first.Errors);
        Assert.That(second.Errors, Does.Contain("map.pdf is there already and is not overwritten; name another file"));
    }

    private static async Task<APublication> WithMailAsync(string words, string headers = "")
    {
        var publication = new APublication();
        await TakeAsync(publication, words, "Hedges", headers);
        return publication;
    }

    private static async Task TakeAsync(APublication publication, string words, string subject, string headers = "")
    {
        var taken = await publication.Newsletter.FeedAsync($"From: Ida <ida@harbour.example>\nMessage-ID: <{words.Length}@harbour.example>\nSubject: {subject}\n{headers}\n{words}\n", "receive", "-");
        Assert.That(taken.Code, Is.Zero, taken.Errors);
    }
}
