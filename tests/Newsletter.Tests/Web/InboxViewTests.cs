using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Tests.Web;

/// <summary>What the pages of the inbox find, and what they say of a mail.</summary>
public sealed class InboxViewTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private SiteHome home = null!;
    private AdminBrowser browser = null!;

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

    [Test]
    public async Task A_search_that_finds_nothing_in_its_view_leads_to_all_and_there_it_is_found()
    {
        var id = await TakeAsync();
        await Inbox.MarkAsync(id, "done", Stop);

        var nothing = WebUtility.HtmlDecode(await browser.GetStringAsync("/inbox?q=hedges"));
        var all = await browser.GetStringAsync("/inbox?state=all&q=hedges");
        var none = await browser.GetStringAsync("/inbox?state=all&q=nothing");

        Assert.That(nothing, Does.Contain("Nothing fits that.").And.Contain("href=\"/inbox?state=all&q=hedges\">Look in all conversations</a>"));
        Assert.That(all, Does.Contain($"href=\"/inbox/{id}\"").And.Match("<a href=\"/inbox\\?state=all\" aria-current=\"page\">All <span class=\"count\">1</span></a>"));
        Assert.That(none, Does.Contain("Nothing fits that.").And.Not.Contain("Look in all"));
    }

    [TestCase("Mon, 2 Mar 2026 07:59:00 +0000", ", dated 2 March 2026 07:59<")]
    [TestCase("Sun, 1 Jan 2040 12:00:00 +0000", ", dated 1 January 2040 12:00<")]
    [TestCase("Mon, 2 Mar 2026 09:00:00 +0100", null)]
    [TestCase("yesterday", null)]
    public async Task A_mail_that_was_written_long_before_or_after_it_came_says_when(string date, string? said)
    {
        var id = await TakeAsync($"Date: {date}\n");

        var page = await browser.GetStringAsync($"/inbox/{id}");

        Assert.That(page, said is null ? Does.Not.Contain(", dated") : Does.Contain(said));
        Assert.That(page, Does.Contain("2 March 2026 09:00</time>"));
    }

    [Test]
    public async Task A_conversation_leads_to_its_reader()
    {
        var letter = new DeliveryId(await home.PublishAsync("spring"), await home.SubscribeAsync("zoe@example.net"));

        var id = await TakeAsync($"In-Reply-To: <{home.Ours.MessageId(letter)}>\n");

        Assert.That(await browser.GetStringAsync($"/inbox/{id}"), Does.Contain($"subscriber <a href=\"/suspended/{letter.Subscriber.Value}\">zoe@example.net</a>"));
    }

    [Test]
    public async Task Undo_pressed_twice_takes_back_once()
    {
        var id = await TakeAsync();
        await Inbox.MarkAsync(id, "done", Stop);

        using var first = await browser.PostAsync($"/inbox/{id}", "/inbox", [("act", "undo")]);
        using var second = await browser.PostAsync($"/inbox/{id}", "/inbox", [("act", "undo")]);

        Assert.That((first.StatusCode, second.StatusCode, (await Inbox.FindAsync(id, Stop))!.State), Is.EqualTo((HttpStatusCode.Redirect, HttpStatusCode.Conflict, "unread")));
        Assert.That(await second.Content.ReadAsStringAsync(), Does.Contain("There is nothing to take back."));
    }

    [TestCase("")]
    [TestCase(" \n ")]
    [TestCase("12345678901234567890123456789012345678901")]
    public async Task A_tag_that_is_empty_or_too_long_is_refused(string tag)
    {
        var id = await TakeAsync();

        using var refused = await browser.PostAsync($"/inbox/{id}", "/inbox", [("act", "tag"), ("tag", tag)]);

        Assert.That((refused.StatusCode, (await Inbox.FindAsync(id, Stop))!.Tags.Count), Is.EqualTo((HttpStatusCode.Conflict, 0)));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("Nothing was changed: a tag has 1 to 40 letters."));
    }

    private async Task<long> TakeAsync(string extra = "")
    {
        await home.Services.GetRequiredService<ReturnDesk>().TakeAsync(Encoding.UTF8.GetBytes($"From: Ida Lund <ida@harbour.example>\nSubject: Hedges\nMessage-ID: <a1@harbour.example>\n{extra}\nLovely.\n"), "test", [], Stop);
        return (await Inbox.ListAsync(null, 1, Stop)).Single().Id;
    }
}
