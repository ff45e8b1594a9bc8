using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Returns;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ProbeStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);
    private static readonly DateTimeOffset Now = BounceHome.Now.AddDays(28);
    private static readonly CancellationToken Stop = CancellationToken.None;

    private BounceHome House => field ??= new(Database);

    [Test]
    public async Task A_probe_is_taken_by_one_of_eight_and_again_when_its_time_is_over()
    {
        var ida = await House.DoubtAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new ProbeStore(OpenAnother()).ClaimAsync(Now, Lease, Stop))));
        var later = await House.Probes.ClaimAsync(Now + Lease, Lease, Stop);

        Assert.That((taken.Count(probe => probe is not null), later!.Id.Subscriber, later.Address.Value), Is.EqualTo((1, ida, "reader0@harbour.example")));
    }

    [TestCase(SubscriptionState.Unsubscribed)]
    [TestCase(SubscriptionState.Complained)]
    [TestCase(SubscriptionState.Paused)]
    public async Task Who_is_not_mailed_is_not_asked(SubscriptionState state)
    {
        var ida = await House.DoubtAsync();
        await House.Subscribers.ChangeAsync(ida, new(state, "test", Actor.Reader, Now), Stop);

        Assert.That(await House.Probes.ClaimAsync(Now, Lease, Stop), Is.Null);
        Assert.That((await House.Suspensions.OfAsync(ida, Now, Stop)).Probes.Single().State, Is.EqualTo("void"));
    }

    [Test]
    public async Task A_suppressed_address_is_not_asked()
    {
        await House.DoubtAsync();
        await House.RunAsync("insert into suppressions (address_key, reason, at, actor) values ('reader0@harbour.example', 'manual', 0, 'editor')");

        Assert.That(await House.Probes.ClaimAsync(Now, Lease, Stop), Is.Null);
    }

    [Test]
    public async Task Its_silence_says_nothing_while_a_mailbox_cannot_be_read_by_anybody()
    {
        await House.DoubtAsync();
        var probe = (await House.Probes.ClaimAsync(Now, Lease, Stop))!;
        await House.Probes.SentAsync(probe.Id, Now);
        var mailboxes = new MailboxStore(Database);
        await mailboxes.TroubleAsync("imap://a", "one", "away", Now.AddDays(1), Stop);
        await mailboxes.TroubleAsync("imap://a", "one", "away", Now.AddDays(9), Stop);

        var deaf = await House.Probes.EndSilentAsync(Now.AddDays(9), Stop);
        await mailboxes.ReadAsync("imap://a", "two", 0, Now.AddDays(9), Stop);

        Assert.That((deaf, await House.Probes.EndSilentAsync(Now.AddDays(9), Stop)), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task One_that_comes_back_suspends_with_the_score_and_its_words()
    {
        var ida = await House.DoubtAsync();
        var probe = (await House.Probes.ClaimAsync(Now, Lease, Stop))!;
        await House.Probes.SentAsync(probe.Id, Now);

        var outcome = await House.Probes.CameBackAsync(probe.Id, BounceHome.Full, "552 5.2.2 full", Now.AddDays(1));
        var again = await House.Probes.CameBackAsync(probe.Id, BounceHome.Full, "552 5.2.2 full", Now.AddDays(1));

        var line = (await House.Subscribers.HistoryAsync(ida, Stop))[^1].Change;
        Assert.That((outcome, again, line.Reason, line.Evidence), Is.EqualTo(("suspended", "this probe is answered already", "the probe came back: mailbox-full; score 4.47 of 5 bounces", "552 5.2.2 full")));
    }

    [Test]
    public async Task One_that_does_not_come_back_halves_the_score()
    {
        var ida = await House.DoubtAsync();
        var probe = (await House.Probes.ClaimAsync(Now, Lease, Stop))!;
        await House.Probes.SentAsync(probe.Id, Now);

        var (early, late) = (await House.Probes.EndSilentAsync(Now.AddDays(6), Stop), await House.Probes.EndSilentAsync(Now.AddDays(7), Stop));

        Assert.That((early, late), Is.EqualTo((0, 1)));
        Assert.That((await House.Suspensions.OfAsync(ida, Now.AddDays(8), Stop)).Score.Value, Is.EqualTo(4.5 / 2 * Math.Pow(0.5, 8 / 90.0)).Within(0.01));
        Assert.That(await House.StateAsync(ida), Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task After_one_that_stayed_the_next_bounce_asks_again_only_when_the_month_is_over()
    {
        var ida = await House.DoubtAsync();
        var probe = (await House.Probes.ClaimAsync(Now, Lease, Stop))!;
        await House.Probes.SentAsync(probe.Id, Now);
        await House.Probes.EndSilentAsync(Now.AddDays(7), Stop);

        var outcomes = new List<string>();
        for (var week = 1; week < 6; week++)
            outcomes.Add((await House.BounceAsync(await House.SendAsync([ida], Now.AddDays(7 * week)), ida, BounceHome.Full, Now.AddDays(7 * week), "552 full")).Outcome);

        Assert.That(outcomes.Select(outcome => outcome.Contains("a probe goes out", StringComparison.Ordinal)), Is.EqualTo(new[] { false, false, false, false, true }));
        Assert.That(outcomes[3], Does.Contain("a probe went out on"));
    }

    [Test]
    public async Task A_late_return_does_not_suspend_who_was_taken_up_again()
    {
        var ida = await House.DoubtAsync();
        var probe = (await House.Probes.ClaimAsync(Now, Lease, Stop))!;
        await House.Probes.SentAsync(probe.Id, Now);
        await House.Probes.CameBackAsync(probe.Id, BounceHome.Full, "552 full", Now.AddDays(1));
        await House.Suspensions.UndoAsync(ida, "she wrote", "by command", Now.AddDays(2), Stop);

        Assert.That((await House.Probes.CameBackAsync(probe.Id, BounceHome.Full, "552 full", Now.AddDays(3)), await House.StateAsync(ida)), Is.EqualTo(("this probe is answered already", SubscriptionState.Active)));
    }

    [Test]
    public async Task Where_a_reply_has_come_meanwhile_nobody_is_asked()
    {
        var ida = await House.DoubtAsync();
        await House.RunAsync($"insert into returned_mails (content_hash, raw, size, source, received_at, kind, subscriber_id) values ('x', '', 0, '', {Now.AddMinutes(1).ToUnixTimeMilliseconds()}, 'reply', {ida.Value})");

        Assert.That(await House.Probes.ClaimAsync(Now.AddMinutes(2), Lease, Stop), Is.Null);
    }
}
