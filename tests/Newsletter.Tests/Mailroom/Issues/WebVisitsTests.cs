using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Linting;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Issues;

public sealed class WebVisitsTests
{
    private static AnsweringSite _site = null!;

    [OneTimeSetUp]
    public static async Task Start() => _site = await AnsweringSite.StartAsync();

    [OneTimeTearDown]
    public static async Task Stop() => await _site.DisposeAsync();

    [TestCase("/fine", null)]
    [TestCase("/gone", "online-dead")]
    [TestCase("/missing", "online-dead")]
    [TestCase("/head-refused", null)]
    [TestCase("/head-lies", null)]
    [TestCase("/forbidden", null)]
    [TestCase("/broken", "online-unreached")]
    [TestCase("/moved", "online-moved")]
    [TestCase("/moved-for-now", null)]
    [TestCase("/moved-to-gone", "online-dead")]
    [TestCase("/round", "online-unreached")]
    [TestCase("/to-file", "online-unreached")]
    [TestCase("/cut", "online-unreached")]
    [TestCase("/to-no-host", "online-unreached")]
    [TestCase("/to-long-host", "online-unreached")]
    [TestCase("/to-nothing", "online-unreached")]
    public async Task A_page_is_judged_by_its_answer(string path, string? code)
    {
        var address = Link(path);

        var visit = await VisitAsync(address);

        Assert.That(visit.Finding(address)?.Code, Is.EqualTo(code), visit.ToString());
    }

    [Test]
    public async Task A_page_that_does_not_come_is_unreached()
    {
        using var visits = new WebVisits(Some.Publication(), Quick with { Patience = TimeSpan.FromSeconds(1) }, TimeProvider.System);

        var visit = (await visits.AllAsync([Link("/hangs")], _ => { }, default)).Values.Single();

        Assert.That(visit.Finding(Link("/hangs"))?.Code, Is.EqualTo("online-unreached"), visit.ToString());
    }

    [Test]
    public async Task A_host_that_does_not_listen_is_said_to_refuse()
    {
        var address = new WebAddress(new("http://127.0.0.1:9/x"), false, 1, 1);

        var visit = await VisitAsync(address);

        Assert.That(visit.Finding(address)?.Message, Does.Contain("refuses the connection"));
    }

    [Test]
    public async Task Redirects_that_lead_nowhere_are_followed_once()
    {
        await VisitAsync(Link("/round?once"));

        Assert.That(_site.Asked.Count(one => one.StartsWith("GET /round", StringComparison.Ordinal)), Is.Zero);
    }

    [Test]
    public async Task A_redirect_to_a_host_that_is_none_names_that_host()
    {
        var address = Link("/to-dead-host");

        var visit = await VisitAsync(address);

        Assert.That(visit.Finding(address)?.Message, Does.EndWith($": there is no host {new string('a', 60)}.{new string('b', 19)}…"));
    }

    [Test]
    public async Task This_machine_is_not_asked_unless_it_is_the_publications_own()
    {
        using var visits = new WebVisits(Some.Publication(), Quick with { AllowsPrivate = false }, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/never")], _ => { }, default);

        Assert.That(seen.Values.Single().Trouble, Does.Contain("of this machine or of a private network"));
        Assert.That(_site.Asked, Has.None.Contains("/never"));

        using var own = new WebVisits(Publication(), Quick with { AllowsPrivate = false }, TimeProvider.System);
        Assert.That((await own.AllAsync([Link("/fine")], _ => { }, default)).Values.Single().Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_publication_whose_host_has_letters_beyond_ascii_may_ask()
    {
        using var visits = new WebVisits(Publication("https://bücher.example"), Quick, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/fine")], _ => { }, default);

        Assert.That(seen.Values.Single().Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_redirect_leads_to_no_private_network_either()
    {
        using var visits = new WebVisits(Publication(), Quick with { AllowsPrivate = false }, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/to-metadata")], _ => { }, default);

        Assert.That(seen.Values.Single().Trouble, Does.Contain("of this machine or of a private network"));
    }

    [Test]
    public async Task An_address_is_asked_once()
    {
        using var visits = new WebVisits(Publication(), Quick, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/fine?once-1"), Link("/fine?once-2#a"), Link("/fine?once-2#b"), Link("/fine?once-3")], _ => { }, default);

        Assert.That(seen, Has.Count.EqualTo(3));
        Assert.That(_site.Asked.Where(one => one.Contains("?once-", StringComparison.Ordinal)), Is.EquivalentTo(new[] { "HEAD /fine?once-1", "HEAD /fine?once-2", "HEAD /fine?once-3" }));
    }

    [Test]
    public async Task A_redirect_waits_for_the_pause_of_the_host_it_leads_to()
    {
        var time = new NotedTime();
        using var visits = new WebVisits(Publication(), Quick with { Pause = TimeSpan.FromSeconds(7) }, time);

        var seen = await visits.AllAsync([Link("/to-and-fro?1")], _ => { }, default);

        Assert.That(seen.Values.Single().Final.PathAndQuery, Is.EqualTo("/to-and-fro?4"));
        Assert.That(time.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7) }), "before the second request to each of two hosts");
    }

    [Test]
    public async Task A_host_that_has_enough_is_left_alone()
    {
        using var visits = new WebVisits(Publication(), Quick, TimeProvider.System);

        var seen = await visits.AllAsync([Link("/enough?own-1"), Link("/enough?own-2"), Link("/enough?own-3")], _ => { }, default);

        Assert.That(seen.Values.Select(visit => visit.Status), Is.All.EqualTo(429));
        Assert.That(_site.Asked.Count(one => one.Contains("/enough?own", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [TestCase("/to-enough?4", "/gone?4", 429, "localhost")]
    [TestCase("/busy?5", "/gone?5", 503, "127.0.0.1")]
    public async Task It_is_the_host_that_answered_so_that_is_left_alone(string first, string second, int status, string leftAlone)
    {
        using var visits = new WebVisits(Publication(), Quick, TimeProvider.System);

        var seen = await visits.AllAsync([Link(first), Link(second)], _ => { }, default);

        var (one, other) = (seen[_site.Base + first], seen[_site.Base + second]);
        Assert.That((one.Status, one.Final.Host), Is.EqualTo((status, leftAlone)));
        Assert.That((other.Status, other.Final.Host), Is.EqualTo((leftAlone == "localhost" ? 410 : 503, "127.0.0.1")));
    }

    [Test]
    public async Task All_hops_and_both_ways_of_asking_share_the_patience_for_an_address()
    {
        var time = new FakeTimeProvider();
        _site.Hears = path => time.Advance(path == "/tarry" ? TimeSpan.FromSeconds(6) : TimeSpan.Zero);
        using var visits = new WebVisits(Publication(), Quick with { Patience = TimeSpan.FromSeconds(15) }, time);

        var seen = await visits.AllAsync([Link("/tarry?0")], _ => { }, default);

        Assert.That(seen.Values.Single().Trouble, Is.EqualTo("no answer in 15 seconds"));
        Assert.That(_site.Asked.Where(one => one.Contains("/tarry", StringComparison.Ordinal)), Is.EqualTo(new[] { "HEAD /tarry?0", "HEAD /tarry?01", "HEAD /tarry?011" }));
    }

    [Test]
    public async Task A_host_has_a_pause_between_two_addresses()
    {
        var time = new NotedTime();
        using var visits = new WebVisits(Publication(), Quick with { Pause = TimeSpan.FromSeconds(7) }, time);

        await visits.AllAsync([Link("/fine?pause-1"), Link("/fine?pause-2"), Link("/head-refused?pause-3")], _ => { }, default);

        Assert.That(time.Waits, Is.EqualTo(Enumerable.Repeat(TimeSpan.FromSeconds(7), 3)), "before all of the four requests but the first");
    }

    private static WebVisitOptions Quick { get; } = new() { Pause = TimeSpan.Zero, Patience = TimeSpan.FromMinutes(1), MostBytes = 4096, AllowsPrivate = true };

    private static Publication Publication(string? baseUrl = null) => new() { Name = "N", FromAddress = "e@example.org", PostalAddress = "x", BaseUrl = baseUrl ?? _site.Base };

    private static WebAddress Link(string path) => new(new(_site.Base + path), false, 1, 1);

    private static async Task<Visit> VisitAsync(WebAddress address)
    {
        using var visits = new WebVisits(Some.Publication(), Quick, TimeProvider.System);
        return (await visits.AllAsync([address], _ => { }, default)).Values.Single();
    }

    /// <summary>A clock that stands still and tells which waits were asked for; they end at once.</summary>
    private sealed class NotedTime : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = new();

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
