using Newsletter.Addresses;
using Newsletter.Returns;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Returns;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class BounceLedgerTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly DateTimeOffset Now = BounceHome.Now;
    private static readonly CancellationToken Stop = CancellationToken.None;

    private BounceHome House => field ??= new(Database);

    [Test]
    public async Task A_sure_word_suspends_with_its_evidence()
    {
        var (ida, edition) = await OneAsync();

        var (consequence, outcome) = await House.BounceAsync(edition, ida, BounceHome.Dead, Now);

        Assert.That((consequence, outcome), Is.EqualTo(((Consequence)new Consequence.Suspend("hard bounce: user-unknown"), "suspended")));
        Assert.That((await House.Subscribers.HistoryAsync(ida, Stop))[^1].Change,
            Is.EqualTo(new StandingChange(SubscriptionState.Suspended, "hard bounce: user-unknown", Actor.Server, Now, "550 5.1.1 <reader> no such user", edition)));
    }

    [Test]
    public async Task Two_bounces_of_one_delivery_are_one_though_eight_workers_bring_them()
    {
        var (ida, edition) = await OneAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => House.BounceAsync(OpenAnother(), edition, ida, BounceHome.Full, Now, "452 4.2.2 full"))));

        Assert.That(outcomes.Count(each => each.Outcome == "score 1.0 of 1 bounce"), Is.EqualTo(1));
        Assert.That((await House.Suspensions.OfAsync(ida, Now, Stop)).Score.Value, Is.EqualTo(1));
    }

    [Test]
    public async Task Eight_workers_with_eight_letters_of_a_reader_ask_once()
    {
        var ida = (await House.SubscribeAsync(1))[0];
        var editions = new List<EditionId>();
        for (var week = 7; week >= 0; week--)
            editions.Add(await House.SendAsync([ida], Now.AddDays(-7 * week)));

        await Task.WhenAll(editions.Select((edition, week) => Task.Run(() => House.BounceAsync(OpenAnother(), edition, ida, BounceHome.Full, Now.AddDays(7 * (week - 7)), "452 4.2.2 full"))));

        var bounces = await House.Suspensions.OfAsync(ida, Now, Stop);
        Assert.That((bounces.Score.Counting, bounces.Probes.Count), Is.EqualTo((8, 1)));
        Assert.That(await House.StateAsync(ida), Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task A_sure_word_that_comes_after_a_soft_one_of_the_same_letter_counts()
    {
        var (ida, edition) = await OneAsync();
        await House.BounceAsync(edition, ida, BounceHome.Full, Now);

        var (_, outcome) = await House.BounceAsync(edition, ida, BounceHome.Dead, Now.AddHours(1));

        Assert.That((outcome, (await House.Suspensions.OfAsync(ida, Now, Stop)).Score.Lines.Count), Is.EqualTo(("suspended", 1)));
    }

    [Test]
    public async Task Five_weekly_full_mailboxes_make_a_reader_at_risk_and_then_asked()
    {
        var ida = (await House.SubscribeAsync(1))[0];

        var outcomes = new List<string>();
        for (var week = 0; week < 5; week++)
            outcomes.Add((await House.BounceAsync(await House.SendAsync([ida], Now.AddDays(7 * week)), ida, BounceHome.Full, Now.AddDays(7 * week), "452 4.2.2 full")).Outcome);

        Assert.That(outcomes, Is.EqualTo(new[]
        {
            "score 1.0 of 1 bounce", "score 1.95 of 2 bounces", "at risk: score 2.85 of 3 bounces; suspends at 4.0", "at risk: score 3.7 of 4 bounces; suspends at 4.0", "score 4.5 of 5 bounces; a probe goes out",
        }));
        Assert.That((await House.Suspensions.AtRiskAsync(new(0), 10, Now.AddDays(28), Stop)).Single().Line.Reason, Is.EqualTo("score 4.5 of 5 bounces"));
        Assert.That(await House.Suspensions.AtRiskAsync(new(0), 10, Now.AddDays(400), Stop), Is.Empty, "time alone heals");
    }

    [Test]
    public async Task A_letter_that_stayed_halves_what_came_before_it()
    {
        var ida = (await House.SubscribeAsync(1))[0];
        await House.BounceAsync(await House.SendAsync([ida], Now), ida, BounceHome.Full, Now);
        await House.SendAsync([ida], Now.AddDays(1));

        var (early, late) = ((await House.Suspensions.OfAsync(ida, Now.AddDays(6), Stop)).Score.Lines[0].Because, (await House.Suspensions.OfAsync(ida, Now.AddDays(8), Stop)).Score.Lines[0].Because);

        Assert.That((early, late), Is.EqualTo(("", "×0.5: a letter stayed since")));
    }

    [Test]
    public async Task A_reply_ends_what_came_before_it()
    {
        var ida = (await House.SubscribeAsync(1))[0];
        await House.BounceAsync(await House.SendAsync([ida], Now), ida, BounceHome.Full, Now);
        await House.RunAsync($"insert into returned_mails (content_hash, raw, size, source, received_at, kind, subscriber_id) values ('x', '', 0, '', {Now.AddDays(1).ToUnixTimeMilliseconds()}, 'reply', {ida.Value})");

        Assert.That((await House.Suspensions.OfAsync(ida, Now.AddDays(2), Stop)).Score.Value, Is.Zero);
    }

    [Test]
    public async Task Who_was_taken_up_again_has_nothing_against_them()
    {
        var (ida, edition) = await OneAsync();
        await House.BounceAsync(edition, ida, BounceHome.Dead, Now);
        await House.Suspensions.UndoAsync(ida, "their server was ill", "by command (zoe)", Now.AddHours(1), Stop);

        var (_, outcome) = await House.BounceAsync(await House.SendAsync([ida], Now.AddDays(7)), ida, BounceHome.Full, Now.AddDays(7));

        Assert.That(outcome, Is.EqualTo("score 1.0 of 1 bounce"));
        Assert.That((await House.Subscribers.HistoryAsync(ida, Stop))[^1].Change, Is.EqualTo(new StandingChange(SubscriptionState.Active, "their server was ill", Actor.Undo, Now.AddHours(1), "by command (zoe)")));
    }

    [Test]
    public async Task A_second_report_of_an_excused_letter_does_nothing_and_a_letter_that_went_again_counts()
    {
        var (ida, edition) = await OneAsync();
        await House.BounceAsync(edition, ida, BounceHome.Dead, Now);
        var decision = new Decision("", "zoe", Now.AddHours(1));
        var incident = await House.Incidents.AddByHandAsync(new SuspensionQuestion(), decision, Stop);
        await House.Incidents.UndoAsync(incident, new SuspensionQuestion(), new(0), 10, decision, Stop);

        var (_, second) = await House.BounceAsync(edition, ida, BounceHome.Dead, Now.AddHours(2));
        await House.RunAsync($"update deliveries set state_at = {Now.AddHours(3).ToUnixTimeMilliseconds()} where subscriber_id = {ida.Value}");
        var (_, again) = await House.BounceAsync(edition, ida, BounceHome.Dead, Now.AddHours(4));

        Assert.That((second, again), Is.EqualTo(("this letter's bounce is counted already", "suspended")));
    }

    [Test]
    public async Task A_report_that_came_before_the_return_to_active_and_is_read_after_it_does_nothing()
    {
        var (ida, edition) = await OneAsync();
        var later = await House.SendAsync([ida], Now.AddMinutes(1));
        await House.BounceAsync(edition, ida, BounceHome.Dead, Now.AddMinutes(2));
        await House.Suspensions.UndoAsync(ida, "", "zoe", Now.AddHours(1), Stop);

        var (_, outcome) = await House.BounceAsync(later, ida, BounceHome.Dead, Now.AddMinutes(30));

        Assert.That((outcome, await House.StateAsync(ida)), Is.EqualTo(("it came before the reader was taken up again on 2026-11-02", SubscriptionState.Active)));
    }

    [Test]
    public async Task A_bounce_after_the_reader_has_left_leaves_them_unsubscribed_and_asks_nobody()
    {
        var (ida, edition) = await OneAsync();
        await House.Subscribers.ChangeAsync(ida, new(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, Now), Stop);

        var (_, outcome) = await House.BounceAsync(edition, ida, BounceHome.Dead, Now);

        Assert.That((outcome, await House.StateAsync(ida)), Is.EqualTo(("a stronger standing stays", SubscriptionState.Unsubscribed)));
        Assert.That(await House.Suspensions.UndoAsync(ida, "", "", Now, Stop), Is.EqualTo(ChangeOutcome.NotAllowed));
    }

    [Test]
    public async Task Who_is_forgotten_leaves_no_words_behind()
    {
        var (ida, edition) = await OneAsync();
        await House.BounceAsync(edition, ida, BounceHome.Dead, Now, "550 <reader0@harbour.example> no such user");
        await House.Subscribers.EraseAsync(ida, "asked for", Actor.Editor, Now, Stop);

        Assert.That((await House.Suspensions.OfAsync(ida, Now, Stop)).Score.Lines.Single().Bounce.Evidence, Is.Empty);
        Assert.That(await House.TextAsync($"select evidence || phrase || provider || wave from bounces where subscriber_id = {ida.Value}"), Is.Empty);
    }

    [Test]
    public async Task A_letter_has_not_stayed_while_nobody_can_look_for_its_report()
    {
        var (ida, edition) = await OneAsync();
        await House.BounceAsync(edition, ida, BounceHome.Full, Now);
        await House.SendAsync([ida], Now.AddDays(7));
        var mailboxes = new MailboxStore(Database);
        await mailboxes.TroubleAsync("imap://a", "one", "away", Now.AddDays(8), Stop);
        await mailboxes.TroubleAsync("imap://a", "one", "away", Now.AddDays(20), Stop);

        var deaf = (await House.Suspensions.OfAsync(ida, Now.AddDays(20), Stop)).Score.Value;
        await mailboxes.ReadAsync("imap://a", "one", 0, Now.AddDays(20), Stop);

        Assert.That((await House.Suspensions.OfAsync(ida, Now.AddDays(20), Stop)).Score.Value, Is.EqualTo(deaf / 2).Within(0.001));
    }

    private async Task<(SubscriberId, EditionId)> OneAsync()
    {
        var readers = await House.SubscribeAsync(1);
        return (readers[0], await House.SendAsync(readers, Now));
    }
}
