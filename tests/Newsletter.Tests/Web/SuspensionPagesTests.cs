using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Tests.Storage.Returns;

namespace Newsletter.Tests.Web;

/// <summary>The pages of suspended readers and of incidents, as the signed-in admin has them.</summary>
public sealed class SuspensionPagesTests
{
    private static readonly DateTimeOffset Now = BounceHome.Now;
    private static readonly CancellationToken Stop = CancellationToken.None;
    private SiteHome home = null!;
    private AdminBrowser browser = null!;
    private BounceHome house = null!;

    [SetUp]
    public async Task Open()
    {
        home = await SiteHome.OpenAsync();
        home.Time.SetUtcNow(Now.AddHours(1));
        house = new(home.Services.GetRequiredService<Database>());
        browser = await AdminBrowser.OpenAsync(home);
    }

    [TearDown]
    public async Task Close()
    {
        browser.Dispose();
        await home.DisposeAsync();
    }

    [TestCase("/suspended", "/suspended")]
    [TestCase("/suspended/1", "/suspended")]
    [TestCase("/suspended/undo?words=x", "/suspended")]
    [TestCase("/incidents", "/incidents")]
    [TestCase("/incidents/1", "/incidents")]
    public async Task Who_has_not_signed_in_sees_nothing_and_comes_back_after_it(string path, string back)
    {
        using var closed = await home.Client.GetAsync(path);
        using var signedIn = await browser.SignInAsync(closed.Headers.Location!.ToString());

        Assert.That((closed.StatusCode, signedIn.Headers.Location!.ToString()), Is.EqualTo((HttpStatusCode.Redirect, back)));
    }

    [Test]
    public async Task A_reader_is_shown_with_the_servers_words_escaped_and_given_back_by_one_post()
    {
        var (ida, _) = await SuspendAsync("550 <script>alert(1)</script> no such user");

        var list = await browser.GetStringAsync("/suspended");
        var page = await browser.GetStringAsync($"/suspended/{ida.Value}");
        using var undone = await browser.PostAsync($"/suspended/{ida.Value}", "/suspended");
        using var again = await browser.PostAsync($"/suspended/{ida.Value}", "/suspended");

        Assert.That(list, Does.Contain("reader0@harbour.example").And.Contain("hard bounce: user-unknown").And.Contain("&lt;script&gt;").And.Not.Contain("<script>"));
        Assert.That(page, Does.Contain("user-unknown").And.Contain("Score").And.Contain(">2.0<"));
        Assert.That((undone.StatusCode, undone.Headers.Location!.ToString(), again.StatusCode), Is.EqualTo((HttpStatusCode.Redirect, "/suspended?done=undo", HttpStatusCode.Conflict)));
        Assert.That((await house.Subscribers.HistoryAsync(ida, Stop))[^1].Change is { To: SubscriptionState.Active, Reason: "suspension undone", Actor: Actor.Undo, Evidence: "by page (admin)" }, Is.True);
        Assert.That(await home.ActsAsync(), Is.EqualTo(new[] { $"page (admin): suspensions undo subscriber {ida.Value}" }));
    }

    [Test]
    public async Task The_filter_finds_by_words_and_gives_all_of_them_back_as_an_incident()
    {
        await SuspendAsync("550 no such user; see SpamCop");

        var none = await browser.GetStringAsync("/suspended?words=spamhaus");
        var some = await browser.GetStringAsync("/suspended?words=spamcop");
        var ask = await browser.GetStringAsync("/suspended/undo?words=spamcop");
        using var undone = await browser.PostAsync("/suspended/undo", "/suspended/undo?words=spamcop", ("words", "spamcop"), ("why", "their list was wrong"));
        using var empty = await browser.PostAsync("/suspended/undo", "/suspended/undo?words=spamcop");

        Assert.That((none.Contains("Nobody.", StringComparison.Ordinal), some.Contains("/suspended/undo?words=spamcop", StringComparison.Ordinal), ask.Contains("<strong>1</strong>", StringComparison.Ordinal)), Is.EqualTo((true, true, true)));
        Assert.That((undone.Headers.Location!.ToString(), empty.StatusCode, await house.SuspendedAsync()), Is.EqualTo(("/incidents/1?done=undo", HttpStatusCode.BadRequest, 0L)));
        Assert.That(await home.ActsAsync(), Is.EqualTo(new[] { "page (admin): suspensions undo incident 1" }));
    }

    [Test]
    public async Task Readers_at_risk_are_shown_with_their_score()
    {
        var ida = (await house.SubscribeAsync(1))[0];
        for (var week = 2; week >= 0; week--)
            await house.BounceAsync(await house.SendAsync([ida], Now.AddDays(-7 * week)), ida, BounceHome.Full, Now.AddDays(-7 * week), "452 full");

        var list = await browser.GetStringAsync("/suspended?show=at-risk");

        Assert.That(list, Does.Contain("reader0@harbour.example").And.Contain("score 2.84 of 3 bounces"));
    }

    [Test]
    public async Task An_incident_is_shown_accepted_and_undone()
    {
        var id = await WaveAsync();

        var list = await browser.GetStringAsync("/incidents");
        using var accepted = await browser.PostAsync($"/incidents/{id}", $"/incidents/{id}", ("act", "accept"), ("why", "they are dead"));
        var suspended = await house.SuspendedAsync();
        using var undone = await browser.PostAsync($"/incidents/{id}", $"/incidents/{id}", ("act", "undo"));
        var page = await browser.GetStringAsync(undone.Headers.Location!.ToString());
        using var again = await browser.PostAsync($"/incidents/{id}", $"/incidents/{id}", ("act", "retry"));
        using var twice = await browser.PostAsync($"/incidents/{id}", $"/incidents/{id}", ("act", "retry"));

        Assert.That((again.Headers.Location!.ToString(), twice.Headers.Location!.ToString()), Is.EqualTo(($"/incidents/{id}?done=retry", $"/incidents/{id}?done=nothing")));
        Assert.That(list, Does.Contain($"Incident {id}").And.Match("open</span> <span>20 readers refused alike at harbour.example\\. </span><a href=\"[^\"]+\">Edition"));
        Assert.That(list, Does.Contain("How it was seen: 20 readers refused alike within 60 minutes, 100 % of the letters of that time.").And.Match("Suspended for it now: nobody; given back: (nobody|[0-9]+)\\."));
        Assert.That((accepted.Headers.Location!.ToString(), suspended, await house.SuspendedAsync()), Is.EqualTo(($"/incidents/{id}?done=accept", 20L, 0L)));
        Assert.That(page.Split("no such user"), Has.Length.EqualTo(2), "once for all, and not with each reader");
        Assert.That(page, Does.Contain("Undone: whom it suspended is active again.").And.Contain("Suspended for it now: nobody; given back: 20."));
        Assert.That(await home.ActsAsync(), Is.EqualTo(new[] { $"page (admin): incidents accept incident {id}", $"page (admin): incidents undo incident {id}", "page (admin): retry edition 1" }));
    }

    [Test]
    public async Task A_post_without_the_forms_token_or_without_a_verb_changes_nothing()
    {
        var (ida, _) = await SuspendAsync("550 no such user");
        var id = await WaveAsync("other.example");
        var before = await home.DumpAsync();

        var codes = new List<HttpStatusCode>();
        foreach (var path in new[] { $"/suspended/{ida.Value}", "/suspended/undo", $"/incidents/{id}" })
        {
            using var forged = await browser.PostAsync(path, new FormUrlEncodedContent([new("act", "undo"), new("words", "user")]));
            using var stranger = await home.Client.PostAsync(path, new FormUrlEncodedContent([new("act", "undo"), new("words", "user")]));
            codes.AddRange([forged.StatusCode, stranger.StatusCode]);
        }
        using var nonsense = await browser.PostAsync($"/incidents/{id}", "/incidents", ("act", "explode"));
        using var nowhere = await browser.PostAsync("/incidents/99", "/incidents", ("act", "undo"));

        Assert.That(codes.Distinct(), Is.EqualTo(new[] { HttpStatusCode.BadRequest, HttpStatusCode.Redirect }));
        Assert.That((nonsense.StatusCode, nowhere.StatusCode), Is.EqualTo((HttpStatusCode.BadRequest, HttpStatusCode.NotFound)));
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    private async Task<(SubscriberId, EditionId)> SuspendAsync(string words)
    {
        var readers = await house.SubscribeAsync(1);
        var edition = await house.SendAsync(readers, Now);
        await house.BounceAsync(edition, readers[0], BounceHome.Dead, Now, words);
        return (readers[0], edition);
    }

    private async Task<long> WaveAsync(string domain = "harbour.example")
    {
        var readers = await house.SubscribeAsync(20, domain);
        var edition = await house.SendAsync(readers, Now);
        foreach (var reader in readers)
            await house.BounceAsync(edition, reader, BounceHome.Dead, Now);
        return (await house.Incidents.ListAsync(all: false, 10, Stop))[0].Id;
    }
}
