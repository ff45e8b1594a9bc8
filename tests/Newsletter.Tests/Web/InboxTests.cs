using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Tests.Web;

/// <summary>The pages of the inbox, as the signed-in admin's browser asks for them.</summary>
public sealed partial class InboxTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private SiteHome home = null!;
    private AdminBrowser browser = null!;

    private AnswerStore Answers => home.Services.GetRequiredService<AnswerStore>();

    private InboxStore Inbox => home.Services.GetRequiredService<InboxStore>();

    [SetUp]
    public async Task Open()
    {
        home = await SiteHome.OpenAsync();
        browser = await AdminBrowser.OpenAsync(home);
    }

    [TearDown]
    public async Task Close()
    {
        browser.Dispose();
        await home.DisposeAsync();
    }

    [TestCase("/inbox")]
    [TestCase("/inbox/1")]
    [TestCase("/inbox/mail/1/raw")]
    [TestCase("/inbox/mail/1/file/1")]
    [TestCase("/inbox/mail/1/image/1")]
    public async Task Who_has_not_signed_in_sees_nothing_and_comes_back_to_the_inbox_after_it(string path)
    {
        await TakeAsync("Hello", "words");

        using var closed = await home.Client.GetAsync(path);
        using var signedIn = await browser.SignInAsync(closed.Headers.Location!.ToString());

        Assert.That((closed.StatusCode, closed.Headers.Location!.ToString()), Is.EqualTo((HttpStatusCode.Redirect, "/sign-in?to=inbox")));
        Assert.That(signedIn.Headers.Location!.ToString(), Is.EqualTo("/inbox"));
    }

    [Test]
    public async Task Looking_changes_nothing_not_even_from_unread_to_read()
    {
        var id = await TakeAsync("Hello", "words");
        var before = await home.DumpAsync();

        foreach (var path in new[] { "/inbox", "/inbox?q=words&state=unread&tag=x&issue=y&skip=3", "/inbox?box=machines", $"/inbox/{id}", $"/inbox/{id}?did=done&act=done", "/inbox/mail/1/raw", "/inbox/mail/1/file/1" })
            (await browser.GetAsync(path)).Dispose();
        using var head = await browser.SendAsync(new(HttpMethod.Head, $"/inbox/{id}"));

        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task What_a_stranger_wrote_is_escaped_and_what_is_quoted_folded()
    {
        var id = await TakeAsync("<script>alert(1)</script>", "Is it <b>safe</b>?\n\n> quoted\n");

        var list = await browser.GetStringAsync("/inbox");
        var page = await browser.GetStringAsync($"/inbox/{id}");

        Assert.That(list + page, Does.Not.Contain("<script>").And.Contain("&lt;script&gt;alert(1)"));
        Assert.That(page, Does.Contain("Is it &lt;b&gt;safe&lt;/b&gt;?").And.Contain("<summary>Quoted, 1 line</summary>"));
    }

    [Test]
    public async Task Each_button_does_what_the_command_does()
    {
        var id = await TakeAsync("Hello", "words");

        using var done = await PostAsync(id, ("act", "done"));
        var whenDone = (await Inbox.FindAsync(id, Stop))!.State;
        var said = await browser.GetStringAsync(done.Headers.Location);
        using var undone = await PostAsync(id, ("act", "undo"));
        using var tagged = await PostAsync(id, ("act", "tag"), ("tag", " praise\r\n "));
        var thread = (await Inbox.FindAsync(id, Stop))!;

        Assert.That((whenDone, done.Headers.Location!.ToString()), Is.EqualTo(("done", $"/inbox?did=done&thread={id}")));
        Assert.That(said, Does.Contain("role=\"status\"").And.Contain("value=\"undo\""));
        Assert.That((thread.State, thread.Tags), Is.EqualTo(("unread", new[] { "praise" })));
    }

    [Test]
    public async Task An_answer_is_sent_once_though_the_button_is_pressed_twice()
    {
        var id = await TakeAsync("Hello", "words");

        (await PostAsync(id, ("act", "answer"), ("text", "Thank you."), ("key", "k"), ("quote", "on"))).Dispose();
        (await PostAsync(id, ("act", "answer"), ("text", "Thank you."), ("key", "k"), ("quote", "on"))).Dispose();

        Assert.That(Directory.GetFiles(Path.Combine(home.Folder.Outbox, "notes")), Has.Length.EqualTo(1));
        Assert.That(await browser.GetStringAsync($"/inbox/{id}"), Does.Contain("Thank you.").And.Contain("Sent 2 March 2026 09:00"));
    }

    [Test]
    public async Task What_was_typed_and_cannot_be_sent_stands_there_again_in_a_form_that_can_be_sent()
    {
        var id = await TakeAsync("Hello", "words");
        await TakeRawAsync($"From: mallory@evil.example\nTo: {home.Ours.Thread(id)}\nSubject: Re: Hello\nMessage-ID: <m1@evil.example>\n\nMe too.\n");

        using var refused = await PostAsync(id, ("act", "answer"), ("text", "Thank you & <good> night."), ("key", "k"), ("to", "")); // the form was opened before
        var page = await refused.Content.ReadAsStringAsync();
        var before = (await Answers.ListAsync(id, Stop)).Count;
        using var sent = await PostAsync(id, ("act", "answer"), ("text", Typed(page)), ("key", Field(page, "key")), ("to", "ida@harbour.example"));

        Assert.That((refused.StatusCode, before), Is.EqualTo((HttpStatusCode.Conflict, 0)));
        Assert.That(page, Does.Contain("Nothing was sent: several have written in this conversation").And.Contain("<option>ida@harbour.example</option>").And.Contain("<option>mallory@evil.example</option>").And.Not.Contain(" selected"));
        Assert.That((await Answers.ListAsync(id, Stop)).Select(answer => (answer.To.Value, answer.Body)), Is.EqualTo(new[] { ("ida@harbour.example", "Thank you & <good> night.") }));
    }

    [Test]
    public async Task The_button_that_takes_a_reader_off_the_list_names_them_and_offers_no_undo_that_is_none()
    {
        var zoe = await home.SubscribeAsync("zoe@example.net");
        var letter = new DeliveryId(await home.PublishAsync("spring"), zoe);
        var id = await TakeRawAsync($"From: mallory@evil.example\nTo: editor@example.org\nIn-Reply-To: <{home.Ours.MessageId(letter)}>\nSubject: Re: Spring\nMessage-ID: <m1@evil.example>\n\nUnsubscribe please.\n");

        var page = await browser.GetStringAsync($"/inbox/{id}");
        using var done = await PostAsync(id, ("act", "unsubscribe"));
        var said = await browser.GetStringAsync(done.Headers.Location);

        Assert.That(page, Does.Contain("is not from zoe@example.net, whose conversation this is").And.Contain("Take zoe@example.net off the list"));
        Assert.That(said, Does.Contain("The reader is off the list").And.Contain("newsletter subscribers resume").And.Not.Contain("value=\"undo\""));
        Assert.That(await home.ActsAsync(), Is.EqualTo(new[] { $"page (admin): inbox unsubscribe subscriber {zoe.Value}" }));
    }

    [Test]
    public async Task What_did_not_go_on_to_the_reader_says_so()
    {
        var id = await TakeAsync("Hello", "words");
        var reply = (await Inbox.ThreadAsync(id, Stop)).Single();
        await TakeRawAsync($"From: erik@work.example\nTo: {home.Ours.Forward(id, reply.Id)}\nSubject: Re: Hello\nMessage-ID: <e1@work.example>\n\nGladly.\n");

        Assert.That(await browser.GetStringAsync($"/inbox/{id}"), Does.Contain("Not passed on to the reader, because it is not from "));
    }

    [Test]
    public async Task Other_words_in_a_form_that_was_sent_are_not_lost()
    {
        var id = await TakeAsync("Hello", "words");
        (await PostAsync(id, ("act", "answer"), ("text", "Thank you."), ("key", "k"))).Dispose();

        using var refused = await PostAsync(id, ("act", "answer"), ("text", "One thing more."), ("key", "k")); // by the browser's way back
        var page = await refused.Content.ReadAsStringAsync();
        using var sent = await PostAsync(id, ("act", "answer"), ("text", Typed(page)), ("key", Field(page, "key")));

        Assert.That((refused.StatusCode, sent.StatusCode), Is.EqualTo((HttpStatusCode.Conflict, HttpStatusCode.Redirect)));
        Assert.That(page, Does.Contain("this form was used before, for other words"));
        Assert.That((await Answers.ListAsync(id, Stop)).Select(answer => (answer.Body, answer.State)), Is.EqualTo(new[] { ("Thank you.", "sent"), ("One thing more.", "sent") }));
    }

    [Test]
    public async Task Of_a_long_conversation_a_page_shows_the_newest_mails_and_leads_to_the_others()
    {
        var id = await TakeAsync("Hello", "words 0");
        (await PostAsync(id, ("act", "answer"), ("text", "Thank you."), ("key", "k"))).Dispose();
        for (var at = 1; at <= 40; at++)
            await TakeRawAsync($"From: ida@harbour.example\nTo: {home.Ours.Thread(id)}\nSubject: Re: Hello\nMessage-ID: <b{at}@harbour.example>\n\nwords {at}\n");

        var pages = new List<string> { await browser.GetStringAsync($"/inbox/{id}") };
        while (Earlier().Match(pages[^1]) is { Success: true } link)
            pages.Add(await browser.GetStringAsync(link.Groups[1].Value));

        Assert.That(pages.Select(page => Words().Matches(page).Select(match => match.Groups[1].Value)),
            Is.EqualTo(new[] { Enumerable.Range(21, 20), Enumerable.Range(1, 20), [0] }.Select(numbers => numbers.Select(number => $"{number}"))));
        Assert.That(pages.Select(page => (page.Contains("Thank you.", StringComparison.Ordinal), page.Contains("<textarea", StringComparison.Ordinal), page.Contains("To the newest mails", StringComparison.Ordinal))),
            Is.EqualTo(new[] { (false, true, false), (false, false, true), (true, false, true) }), "an answer stands with what it answers; a new one goes to the newest");
    }

    [Test]
    public async Task The_list_shows_who_wrote_the_words_in_it_whoever_the_conversation_is_of()
    {
        var letter = new DeliveryId(await home.PublishAsync("spring"), await home.SubscribeAsync("zoe@example.net"));
        await TakeRawAsync($"From: Zoe <zoe@example.net>\nTo: editor@example.org\nIn-Reply-To: <{home.Ours.MessageId(letter)}>\nSubject: Re: Spring\nMessage-ID: <z1@example.net>\n\nMine.\n");
        var before = await browser.GetStringAsync("/inbox");

        await TakeRawAsync("From: Mallory <mallory@evil.example>\nTo: editor@example.org\nIn-Reply-To: <z1@example.net>\nSubject: Re: Spring\nMessage-ID: <m1@evil.example>\n\nTheirs.\n");

        Assert.That(before, Does.Contain("<span class=\"name\">Zoe</span>").And.Not.Contain("in the conversation of"));
        Assert.That(await browser.GetStringAsync("/inbox"), Does.Contain("<span class=\"name\">Mallory</span>").And.Contain("in the conversation of Zo&#xEB; Quill"));
    }

    [Test]
    public async Task A_post_without_the_forms_token_or_with_an_unknown_act_changes_nothing()
    {
        var id = await TakeAsync("Hello", "words");
        var before = await home.DumpAsync();

        using var forged = await browser.PostAsync($"/inbox/{id}", new FormUrlEncodedContent([new("act", "done")]));
        using var nonsense = await PostAsync(id, ("act", "explode"));
        using var nowhere = await PostAsync(99, ("act", "done"));

        Assert.That((forged.StatusCode, nonsense.StatusCode, nowhere.StatusCode), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.NotFound)));
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Files_are_handed_out_as_nothing_that_runs_and_images_only_if_they_are_ones()
    {
        await TakeRawAsync("""
            From: ida@harbour.example
            Subject: files
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="b"

            --b
            Content-Type: text/html

            <p>see <img src="cid:a"><img src="cid:b"></p>
            --b
            Content-Type: image/png
            Content-ID: <a>
            Content-Transfer-Encoding: base64

            iVBORw0KGgoAAAANSUhEUg==
            --b
            Content-Type: image/svg+xml; name="x.svg"
            Content-ID: <b>

            <svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>
            --b--
            """);

        using var png = await browser.GetAsync("/inbox/mail/1/image/1");
        using var svg = await browser.GetAsync("/inbox/mail/1/image/2");
        using var file = await browser.GetAsync("/inbox/mail/1/file/2");
        using var raw = await browser.GetAsync("/inbox/mail/1/raw");
        var page = await browser.GetStringAsync("/inbox/1");

        Assert.That((png.Content.Headers.ContentType!.ToString(), svg.StatusCode), Is.EqualTo(("image/png", HttpStatusCode.NotFound)));
        Assert.That((file.Content.Headers.ContentType!.ToString(), file.Content.Headers.ContentDisposition!.DispositionType), Is.EqualTo(("application/octet-stream", "attachment")));
        foreach (var answer in new[] { png, file, raw })
            Assert.That((answer.Headers.GetValues("X-Content-Type-Options").Single(), answer.Headers.GetValues("Content-Security-Policy").Single()), Is.EqualTo(("nosniff", "default-src 'none'; sandbox; frame-ancestors 'none'")));
        Assert.That(page, Does.Contain("src=\"/inbox/mail/1/image/1\"").And.Contain("x.svg").And.Contain("Beware: .svg files can run programs"));
    }

    [TestCase(1_100_000, true)]
    [TestCase(1_000, false)]
    public async Task What_is_too_long_to_be_shown_whole_says_so(int length, bool isCut)
    {
        var id = await TakeAsync("Hello", $"<p>{string.Concat(Enumerable.Repeat("words<br>\n", length / 10))}</p>", "Content-Type: text/html\n");

        Assert.That((await browser.GetStringAsync($"/inbox/{id}")).Contains("too long to be shown whole", StringComparison.Ordinal), Is.EqualTo(isCut));
    }

    private Task<long> TakeAsync(string subject, string text, string extra = "") => TakeRawAsync($"From: Ida Lund <ida@harbour.example>\nSubject: {subject}\nMessage-ID: <a1@harbour.example>\n{extra}\n{text}\n");

    private async Task<long> TakeRawAsync(string mail)
    {
        await home.Services.GetRequiredService<ReturnDesk>().TakeAsync(Encoding.UTF8.GetBytes(mail.ReplaceLineEndings("\n")), "test", [], Stop);
        return (await Inbox.ListAsync(null, 1, Stop)).Single().Id;
    }

    private Task<HttpResponseMessage> PostAsync(long id, params (string Name, string Value)[] fields) => browser.PostAsync($"/inbox/{id}", "/inbox", fields);

    private static string Field(string page, string name) => WebUtility.HtmlDecode(Regex.Match(page, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);

    private static string Typed(string page) => WebUtility.HtmlDecode(Text().Match(page).Groups[1].Value);

    [GeneratedRegex("<textarea[^>]*>([^<]*)</textarea>")]
    private static partial Regex Text();

    [GeneratedRegex("href=\"([^\"]+)\">Earlier mails<")]
    private static partial Regex Earlier();

    [GeneratedRegex(">words ([0-9]+)<")]
    private static partial Regex Words();
}
