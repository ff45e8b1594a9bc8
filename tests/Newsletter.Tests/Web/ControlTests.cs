using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Web;

/// <summary>The editions' pages and their verbs, as the signed-in admin has them.</summary>
public sealed partial class ControlTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private SiteHome home = null!;
    private AdminBrowser browser = null!;

    private EditionStore Editions => home.Services.GetRequiredService<EditionStore>();

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

    [TestCase("/editions")]
    [TestCase("/editions/1")]
    [TestCase("/editions/1/cancel")]
    public async Task Who_has_not_signed_in_sees_nothing_and_comes_back_to_the_editions_after_it(string path)
    {
        await home.PublishAsync("spring");

        using var closed = await home.Client.GetAsync(path);
        using var signedIn = await browser.SignInAsync(closed.Headers.Location!.ToString());

        Assert.That((closed.StatusCode, closed.Headers.Location!.ToString()), Is.EqualTo((HttpStatusCode.Redirect, "/sign-in?to=editions")));
        Assert.That(signedIn.Headers.Location!.ToString(), Is.EqualTo("/editions"));
    }

    [Test]
    public async Task A_sign_in_leads_to_the_editions_or_the_jobs_and_nowhere_else()
    {
        using var astray = await browser.SignInAsync("/sign-in?to=https://evil.example");

        Assert.That(astray.Headers.Location!.ToString(), Is.EqualTo("/jobs"));
    }

    [Test]
    public async Task The_list_shows_state_tally_and_the_verbs_that_can_be_taken()
    {
        await home.SubscribeAsync("zoe@example.net");
        await home.SubscribeAsync("ada@example.net");
        var running = await home.PublishAsync("spring", "Spring <b>");
        await home.PublishAsync("autumn", "Autumn", started: false);

        var page = await browser.GetStringAsync("/editions");

        Assert.That(page, Does.Contain("Spring &lt;b&gt;").And.Contain("0 of 2 sent, 2 waiting").And.Contain("max=\"2\" value=\"0\""));
        Assert.That(Acts(page), Is.EqualTo(new[] { "pause", "start", "pause" }), "autumn is scheduled, spring is running");
        Assert.That(page, Does.Contain($"/editions/{running.Value}/cancel"));
    }

    [Test]
    public async Task Each_verb_does_what_the_command_does_and_says_so()
    {
        await home.SubscribeAsync("zoe@example.net");
        var id = await home.PublishAsync("spring");

        using var paused = await PostAsync(id, ("act", "pause"), ("why", "wrong\r\nlink"));
        var whenPaused = (await Editions.FindAsync(id, Stop))!;
        var said = await browser.GetStringAsync(paused.Headers.Location);
        using var resumed = await PostAsync(id, ("act", "resume"));
        var whenResumed = (await Editions.FindAsync(id, Stop))!.State;
        using var cancelled = await PostAsync(id, ("act", "cancel"), ("why", "enough"));
        var whenCancelled = (await Editions.FindAsync(id, Stop))!;

        Assert.That((whenPaused.State, whenPaused.ByPerson, whenPaused.StateReason), Is.EqualTo((EditionState.Paused, true, "wrong link")));
        Assert.That(said, Does.Contain("role=\"status\"").And.Contain("by a person; wrong link"));
        Assert.That((whenResumed, whenCancelled.State, whenCancelled.StateReason), Is.EqualTo((EditionState.Running, EditionState.Cancelled, "enough")));
        Assert.That(await home.ActsAsync(), Is.EqualTo(new[] { "pause", "resume", "cancel" }.Select(act => $"page (admin): {act} edition {id.Value}")));
    }

    [Test]
    public async Task An_edition_in_its_hold_window_shows_the_time_left_and_can_be_undone_or_started()
    {
        var undone = await HeldAsync("spring");
        var started = await HeldAsync("autumn");
        var page = await browser.GetStringAsync($"/editions/{undone.Value}");

        (await PostAsync(undone, ("act", "cancel"))).Dispose();
        (await PostAsync(started, ("act", "start"))).Dispose();

        Assert.That(page, Does.Contain("starts by itself in 5 min 0 s").And.Contain("Undo: send nothing"));
        Assert.That(((await Editions.FindAsync(undone, Stop))!.State, (await Editions.FindAsync(started, Stop))!.State), Is.EqualTo((EditionState.Cancelled, EditionState.Running)));
        Assert.That(await home.ActsAsync(), Does.Contain($"page (admin): cancel edition {undone.Value}").And.Contain($"page (admin): send edition {started.Value}"));
    }

    [Test]
    public async Task What_failed_and_what_is_in_doubt_is_tried_again()
    {
        var people = new[] { await home.SubscribeAsync("zoe@example.net"), await home.SubscribeAsync("ada@example.net") };
        var id = await home.PublishAsync("spring");
        await SettleAsync(id, people);
        var page = await browser.GetStringAsync($"/editions/{id.Value}");

        (await PostAsync(id, ("act", "retry-failed"))).Dispose();
        var afterFailed = await Deliveries.TallyAsync(id, Stop);
        (await PostAsync(id, ("act", "retry-in-doubt"))).Dispose();

        Assert.That(Acts(page), Is.EqualTo(new[] { "pause", "retry-failed", "retry-in-doubt" }));
        Assert.That(page, Does.Contain("Retry 1 failed").And.Contain("zoe@example.net").And.Contain("no such user"));
        Assert.That((afterFailed, await Deliveries.TallyAsync(id, Stop)), Is.EqualTo((new Tally(Waiting: 1, InDoubt: 1), new Tally(Waiting: 2))));
        Assert.That(await home.ActsAsync(), Is.EqualTo(Enumerable.Repeat($"page (admin): retry edition {id.Value}", 2)));
    }

    [Test]
    public async Task Of_a_running_one_the_pace_and_what_is_held_back_is_shown()
    {
        var people = new[] { await home.SubscribeAsync("zoe@example.net"), await home.SubscribeAsync("ada@example.net") };
        var id = await home.PublishAsync("spring");
        await home.Services.GetRequiredService<PaceStore>().TellAsync("worker", [new("domain", "slow.example", home.Time.GetUtcNow().AddMinutes(10), "asked to <wait>")], home.Time.GetUtcNow(), Stop);
        var before = await browser.GetStringAsync($"/editions/{id.Value}");
        await SettleAsync(id, people);
        home.Time.Advance(TimeSpan.FromSeconds(30));

        var page = await browser.GetStringAsync($"/editions/{id.Value}");

        Assert.That(before, Does.Contain("none sent in the last minute").And.Contain("domain slow.example").And.Contain("asked to &lt;wait&gt;"));
        Assert.That(page, Does.Contain(">2 a minute<"), "one failed, one in doubt, in half a minute");
    }

    [Test]
    public async Task Cancelling_is_asked_once_more_by_a_page_that_changes_nothing_itself()
    {
        var id = await home.PublishAsync("spring");
        var before = await home.DumpAsync();

        var asked = await browser.GetStringAsync($"/editions/{id.Value}/cancel");
        using var head = await browser.SendAsync(new(HttpMethod.Head, $"/editions/{id.Value}"));
        _ = await browser.GetStringAsync($"/editions/{id.Value}?done=cancel&act=cancel");

        Assert.That(asked, Does.Contain("Cancel this edition?").And.Contain("No, leave it as it is"));
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_post_without_the_forms_token_or_without_a_verb_changes_nothing()
    {
        var id = await home.PublishAsync("spring");
        var before = await home.DumpAsync();

        using var forged = await browser.PostAsync($"/editions/{id.Value}", new FormUrlEncodedContent([new("act", "cancel")]));
        using var stranger = await home.Client.PostAsync($"/editions/{id.Value}", new FormUrlEncodedContent([new("act", "cancel")]));
        using var nonsense = await PostAsync(id, ("act", "explode"));
        using var nowhere = await PostAsync(new EditionId(99), ("act", "pause"));

        Assert.That((forged.StatusCode, stranger.StatusCode, nonsense.StatusCode, nowhere.StatusCode),
            Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.Redirect, HttpStatusCode.BadRequest, HttpStatusCode.NotFound)));
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_verb_that_comes_too_late_says_so_and_shows_where_the_edition_stands()
    {
        var id = await home.PublishAsync("spring");
        await Editions.CompleteAsync(id, home.Time.GetUtcNow(), Stop);

        using var late = await PostAsync(id, ("act", "pause"));

        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await late.Content.ReadAsStringAsync(), Does.Contain("Nothing was changed").And.Contain(">complete<"));
    }

    private DeliveryStore Deliveries => home.Services.GetRequiredService<DeliveryStore>();

    private async Task<EditionId> HeldAsync(string slug)
    {
        var editions = home.Services.GetRequiredService<Editions>();
        var (edition, _) = await editions.ScheduleAsync(Some.RenderedIssue(slug), home.Time.GetUtcNow().AddMinutes(5), Stop);
        await editions.StartDueAsync(Stop);
        return edition.Id;
    }

    /// <summary>The first has failed, the second is in doubt.</summary>
    private async Task SettleAsync(EditionId id, SubscriberId[] people)
    {
        var now = home.Time.GetUtcNow();
        foreach (var claim in await Deliveries.ClaimAsync(id, "worker", now.AddMinutes(2), now, 9, Stop))
            await Deliveries.RecordAsync([claim.Id.Subscriber == people[0]
                ? new(claim, new SmtpOutcome.Rejected(550, "5.1.1", "no such user"), new(DeliveryState.Failed), now)
                : new(claim, new SmtpOutcome.InDoubt("lost"), new(DeliveryState.InDoubt), now)]);
    }

    private Task<HttpResponseMessage> PostAsync(EditionId id, params (string Name, string Value)[] fields) => browser.PostAsync($"/editions/{id.Value}", "/editions", fields);

    private static IEnumerable<string> Acts(string page) => Verb().Matches(page).Select(match => match.Groups[1].Value);

    [GeneratedRegex("name=\"act\" value=\"([^\"]+)\" class=\"second\"")]
    private static partial Regex Verb();
}
