using Microsoft.Extensions.Logging.Abstractions;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>A seed group gets the issue first; the others wait for a time or a word.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SeedTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [Test]
    public async Task Addresses_and_tags_go_first_the_others_after_the_hold_and_nobody_twice()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(8);
        await AddAsync("tagged@example.com", "staff");
        var options = Options(hold: TimeSpan.Zero, "Reader3@EXAMPLE.com", "tag:staff", "nobody@example.com");

        var edition = await StartAsync(options);
        var first = await House.Dispatcher(options, SendingHome.Relay(server)).SendUntilSettledAsync(edition, null, Stop);
        var seeds = server.Letters.Select(letter => letter.To.Single()).ToList();
        var tally = await House.TallyAsync(edition);
        await Editions(options).StartDueAsync(Stop);
        var ended = await House.Dispatcher(options, SendingHome.Relay(server)).SendUntilSettledAsync(edition, null, Stop);

        Assert.That(seeds, Is.EquivalentTo(new[] { "reader3@example.com", "tagged@example.com" }));
        Assert.That((first.State, first.IsBetweenWaves, first.StateReason, tally), Is.EqualTo((EditionState.Paused, true, "the seed group has it (2 of 2 sent), the others wait", new Tally(Waiting: 7, Sent: 2))));
        Assert.That((ended.State, ended.IsBetweenWaves, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, false, new Tally(Sent: 9))));
        Assert.That(server.Letters.Select(letter => letter.To.Single()).Distinct().Count(), Is.EqualTo(9).And.EqualTo(server.Letters.Count));
    }

    [Test]
    public async Task Without_a_hold_the_others_wait_for_a_word_and_a_cancel_leaves_them_without()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(5);
        var options = Options(hold: null, "reader0@example.com");

        var edition = await StartAsync(options);
        var waits = await House.Dispatcher(options, SendingHome.Relay(server)).SendUntilSettledAsync(edition, null, Stop);
        var byClock = await Editions(options).StartDueAsync(Stop);
        await Editions(options).CancelAsync(edition, "wrong link", Stop);

        Assert.That((waits.State, waits.GoesOnAt, byClock.Count, server.Letters.Count), Is.EqualTo((EditionState.Paused, (DateTimeOffset?)null, 0, 1)));
        Assert.That((await House.EditionAsync(edition)).State, Is.EqualTo(EditionState.Cancelled));
    }

    [Test]
    public async Task A_pause_in_the_hold_stays_until_a_person_resumes_and_a_pause_amid_the_seeds_releases_nobody_else()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(5);
        var options = Options(hold: TimeSpan.Zero, "reader0@example.com");
        var edition = await StartAsync(options);
        await Editions(options).PauseAsync(edition, "", Stop);
        await Editions(options).ResumeAsync(edition, Stop);

        await House.Dispatcher(options, SendingHome.Relay(server)).SendUntilSettledAsync(edition, null, Stop);
        await Editions(options).PauseAsync(edition, "let me look", Stop);
        var byClock = await Editions(options).StartDueAsync(Stop);
        var sentSoFar = server.Letters.Count;
        await Editions(options).ResumeAsync(edition, Stop);
        await House.Dispatcher(options, SendingHome.Relay(server)).SendUntilSettledAsync(edition, null, Stop);

        Assert.That((byClock.Count, sentSoFar, await House.TallyAsync(edition)), Is.EqualTo((0, 1, new Tally(Sent: 5))));
    }

    [Test]
    public async Task Where_no_seed_was_accepted_or_there_is_none_a_person_decides_even_if_a_hold_is_set()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Recipient, To: "reader0@example.com" } ? new LoopbackAnswer.Reply("550 5.7.1 blocked") : null };
        await House.SubscribeAsync(5);

        var refused = await SendAsync(server, Options(hold: TimeSpan.Zero, "reader0@example.com"), "0001");
        var nobody = await SendAsync(server, Options(hold: TimeSpan.Zero, "tag:nothing"), "0002");

        Assert.That((refused.State, refused.GoesOnAt, nobody.State, nobody.GoesOnAt), Is.EqualTo((EditionState.Paused, (DateTimeOffset?)null, EditionState.Paused, (DateTimeOffset?)null)));
        Assert.That(refused.StateReason, Does.Contain("no letter of the seed group was accepted (1 failed)"));
        Assert.That(nobody.StateReason, Does.Contain("nobody of the seed group"));
        Assert.That(server.Letters, Is.Empty);
    }

    [Test]
    public async Task A_seed_group_that_is_everybody_is_no_reason_to_wait()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(2);

        var ended = await SendAsync(server, Options(hold: null, "reader0@example.com", "reader1@example.com"), "0001");

        Assert.That((ended.State, server.Letters.Count), Is.EqualTo((EditionState.Complete, 2)));
    }

    private async Task<Edition> SendAsync(LoopbackSmtp server, SendingOptions options, string slug)
    {
        var edition = await StartAsync(options, slug);
        return await House.Dispatcher(options, SendingHome.Relay(server)).SendUntilSettledAsync(edition, null, Stop);
    }

    private async Task<EditionId> StartAsync(SendingOptions options, string slug = "0001-first")
    {
        var (edition, _) = await Editions(options).ScheduleAsync(Some.RenderedIssue(slug), DateTimeOffset.UtcNow, Stop);
        await Editions(options).StartNowAsync(edition.Id, Stop);
        return edition.Id;
    }

    private Task<Addition> AddAsync(string address, string tag) => House.Subscribers.AddAsync(
        new(EmailAddress.Read(address)!) { Tags = ["founding", tag] }, new(SubscriptionState.Active, "test", Actor.Import, DateTimeOffset.UtcNow), Stop);

    private Editions Editions(SendingOptions options) => new(House.Editions, House.Deliveries, new(new(), options), Some.Acts(Database, TimeProvider.System), TimeProvider.System, NullLogger<Editions>.Instance);

    private static SendingOptions Options(TimeSpan? hold, params string[] seed) => new() { Seed = seed, SeedHold = hold, RetryDelays = [TimeSpan.FromMilliseconds(1)] };
}
