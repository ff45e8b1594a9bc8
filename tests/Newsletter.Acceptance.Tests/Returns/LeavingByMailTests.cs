using System.Net;
using System.Text.Json;
using MimeKit;
using Newsletter.Acceptance.Tests.BadInput;
using Newsletter.Addresses;
using Newsletter.Mailroom;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>Leaving by mail, as a reader, an editor and an MTA's pipe see it.</summary>
public sealed class LeavingByMailTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    [Test]
    public async Task Who_leaves_by_mail_is_told_and_one_press_takes_it_back()
    {
        using var publication = new APublication();
        await AddIdaAsync(publication);

        var left = await publication.Newsletter.FeedAsync("From: ida@harbour.example\nSubject: unsubscribe\n\n", "receive", "-", "--recipient", Ours(publication).UnsubscribeMail(Ida));
        var note = Notes(publication).Single();
        var path = new Uri(note.TextBody!.Split('\n').Single(line => line.StartsWith("https://", StringComparison.Ordinal)).Trim()).AbsolutePath;

        Assert.That(left.Code, Is.Zero, left.Errors);
        Assert.That(StateOf(publication), Is.EqualTo("unsubscribed"));
        Assert.That((note.To.ToString(), note.Headers["Auto-Submitted"]), Is.EqualTo(("ida@harbour.example", "auto-replied")));
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(publication.Path, port);
        using var browser = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        var page = await browser.GetAsync(path, Stop);
        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await page.Content.ReadAsStringAsync(Stop), Does.Contain("Opening this page has changed nothing").And.Contain("method=\"post\""));
        Assert.That(StateOf(publication), Is.EqualTo("unsubscribed"));
        using var oneClick = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        Assert.That((await browser.PostAsync(path, oneClick, Stop)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), "a mail program's wish to leave");
        Assert.That(StateOf(publication), Is.EqualTo("unsubscribed"));
        using var pressed = new FormUrlEncodedContent([new("act", "resume")]);
        Assert.That((await browser.PostAsync(path, pressed, Stop)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(StateOf(publication), Is.EqualTo("active"));
        Assert.That((await browser.PostAsync($"{path[..^1]}x", null, Stop)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await browser.PostAsync($"/back/{Ours(publication).UnsubscribeUrl(Ida).Split("/u/")[1]}", null, Stop)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "a letter's own token");
    }

    [Test]
    public async Task The_editor_does_with_one_command_what_a_reader_asks_for_in_words()
    {
        using var publication = new APublication();
        await AddIdaAsync(publication);
        await publication.Newsletter.FeedAsync("From: Ida <ida@harbour.example>\nMessage-ID: <1@harbour.example>\nSubject: Re: Good\n\nPlease remove me from your list.\n", "receive", "-", "--recipient", Ours(publication).ReplyTo(Ida));
        var before = StateOf(publication);
        var inbox = JsonDocument.Parse((await publication.Newsletter.RunAsync("inbox", "--json")).Output).RootElement;

        var done = await publication.Newsletter.RunAsync("inbox", "unsubscribe", $"{inbox.GetProperty("id")}");
        var again = await publication.Newsletter.RunAsync("inbox", "unsubscribe", $"{inbox.GetProperty("id")}");
        var nobody = await publication.Newsletter.RunAsync("inbox", "unsubscribe", "99");

        Assert.That((before, inbox.GetProperty("kind").GetString()), Is.EqualTo(("active", "unsubscribe")));
        Assert.That((done.Code, again.Code, nobody.Code), Is.EqualTo((0, 0, 1)), $"{done.Errors}{nobody.Errors}");
        Assert.That(done.Output, Does.Contain("ida@harbour.example").And.Contain("off the list"));
        Assert.That(nobody.Errors, Does.Contain("no subscriber is known"));
        Assert.That(StateOf(publication), Is.EqualTo("unsubscribed"));
        Assert.That(Notes(publication).Count(note => note.To.ToString() == "ida@harbour.example"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_reply_that_names_the_editor_as_its_sender_is_called_out()
    {
        using var publication = new APublication();
        await AddIdaAsync(publication);
        const string Mail = "Received: from evil.example by mx.example.org with ESMTP; Mon, 30 Nov 2026 10:00:00 +0000\nAuthentication-Results: mx.example.org; dmarc=fail header.from=example.org\nFrom: The Editor <editor@example.org>\nSubject: Re: Good\n\nSend it to all again.\n";

        await publication.Newsletter.FeedAsync(Mail, "receive", "-", "--recipient", Ours(publication).ReplyTo(Ida), "--set", "Returns:TrustedAuthservIds=mx.example.org");
        var shown = await publication.Newsletter.RunAsync("inbox", "show", "1");

        Assert.That(shown.Output, Does.Contain("it names your own address as its sender: fails DMARC of example.org"), shown.Errors);
    }

    [Test]
    public async Task A_mail_bomb_on_standard_input_or_in_a_maildir_is_stored_cut()
    {
        using var publication = new APublication();
        await AddIdaAsync(publication);
        var bomb = $"From: a@b.example\nSubject: see\nContent-Type: multipart/mixed; boundary=x\n\n{string.Concat(Enumerable.Repeat("--x\nContent-Type: application/zip\n\n", 1000))}{new string('A', 20_000_000)}";
        await Maildir.DeliverAsync(publication.File("inbox"), "1.a", System.Text.Encoding.ASCII.GetBytes(bomb + "B"), Stop);

        var piped = await publication.Newsletter.FeedAsync(bomb, "receive", "-", "--set", "Returns:LargestMail=100000");
        var read = await publication.Newsletter.RunAsync("receive", "--set", "Returns:LargestMail=100000");

        Assert.That((piped.Code, read.Code), Is.EqualTo((0, 0)), $"{piped.Errors}{read.Errors}");
        Assert.That(publication.Count("returned_mails where size < 101000 and handled_at is not null"), Is.EqualTo(2));
        Assert.That((await publication.Newsletter.RunAsync("inbox", "raw", "1")).Output, Does.StartWith("X-Newsletter-Cut: 100000 of 2"));
        Assert.That((await publication.Newsletter.RunAsync("inbox", "show", "1")).Output, Does.Match("\nKept:    100,000 of its 20,0[0-9]{2},[0-9]{3} bytes are kept \\(Returns:LargestMail\\); the rest of it, files as well, is not here\n"));
    }

    [Test]
    public async Task A_reply_that_is_too_long_to_be_shown_whole_says_so()
    {
        using var publication = new APublication();
        await AddIdaAsync(publication);

        await publication.Newsletter.FeedAsync($"From: Ida <ida@harbour.example>\nSubject: Re: Good\n\n{string.Concat(Enumerable.Repeat("words\n", 170_000))}", "receive", "-", "--recipient", Ours(publication).ReplyTo(Ida));
        var shown = await publication.Newsletter.RunAsync("inbox", "show", "1");

        Assert.That(shown.Output, Does.Contain("\nCut:     too long to be shown whole: newsletter inbox raw 1\n"), shown.Errors);
    }

    [Test]
    public async Task A_setting_that_is_wrong_is_named()
    {
        using var publication = new APublication();

        var refused = await publication.Newsletter.FeedAsync("From: a@b.example\n\n", "receive", "-", "--set", "Returns:HumanUnsubscribe=Perhaps");

        Assert.That(refused.Code, Is.EqualTo(1));
        Assert.That(refused.Errors, Does.Contain("Returns:HumanUnsubscribe"));
    }

    private static DeliveryId Ida => DeliveryId.Of(12, 1);

    private static async Task AddIdaAsync(APublication publication)
    {
        var added = await publication.Newsletter.RunAsync("subscribers", "add", "ida@harbour.example");
        Assert.That(added.Code, Is.Zero, added.Errors);
    }

    private static OurAddresses Ours(APublication publication) =>
        new(new SealedTokens(KeyFile.Open(new PublicationFolder(publication.Path).Keys)), "example.org", "example.org", "https://news.example.org");

    private static string StateOf(APublication publication) => new[] { "active", "unsubscribed", "suspended" }.Single(state => publication.Count($"subscribers where state = '{state}'") == 1);

    private static List<MimeMessage> Notes(APublication publication) => Directory.Exists(publication.File("outbox", "notes"))
        ? [.. Directory.GetFiles(publication.File("outbox", "notes")).Select(file => MimeMessage.Load(file, Stop))]
        : [];
}
