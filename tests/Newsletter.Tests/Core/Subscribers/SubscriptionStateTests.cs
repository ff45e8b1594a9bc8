using Newsletter.Subscribers;

namespace Newsletter.Tests.Core.Subscribers;

public sealed class SubscriptionStateTests
{
    private static readonly SubscriptionState[] All = Enum.GetValues<SubscriptionState>();
    private static readonly SubscriptionState[] Ended = [SubscriptionState.Unsubscribed, SubscriptionState.Suspended, SubscriptionState.Complained];

    [Test]
    public void Nobody_comes_back_to_active_by_an_import_an_editor_or_a_server([ValueSource(nameof(All))] SubscriptionState from, [Values(Actor.Import, Actor.Editor, Actor.Server)] Actor actor) =>
        Assert.That(SubscriptionStates.Allows(from, SubscriptionState.Active, actor), Is.False);

    [Test]
    public void The_reader_and_a_named_undo_bring_an_ended_subscription_back([ValueSource(nameof(Ended))] SubscriptionState from, [Values(Actor.Reader, Actor.Undo)] Actor actor) =>
        Assert.That(SubscriptionStates.Allows(from, SubscriptionState.Active, actor), Is.True);

    [Test]
    public void From_erased_no_step_leads_anywhere([ValueSource(nameof(All))] SubscriptionState to, [Values] Actor actor) =>
        Assert.That(SubscriptionStates.Allows(SubscriptionState.Erased, to, actor), Is.False);

    [Test]
    public void A_bounce_after_an_unsubscribe_or_a_complaint_changes_nothing([Values(SubscriptionState.Unsubscribed, SubscriptionState.Complained)] SubscriptionState from) =>
        Assert.That(SubscriptionStates.Allows(from, SubscriptionState.Suspended, Actor.Server), Is.False);

    [Test]
    public void Everybody_but_those_who_left_or_complained_may_unsubscribe([ValueSource(nameof(All))] SubscriptionState from) =>
        Assert.That(SubscriptionStates.Allows(from, SubscriptionState.Unsubscribed, Actor.Reader),
            Is.EqualTo(from is SubscriptionState.Pending or SubscriptionState.Active or SubscriptionState.Paused or SubscriptionState.Suspended));

    [Test]
    public void A_states_word_reads_back_in_any_letter_case([ValueSource(nameof(All))] SubscriptionState state) =>
        Assert.That(SubscriptionStates.Read($" {state.Word().ToUpperInvariant()} "), Is.EqualTo(state));

    [TestCase(null), TestCase(""), TestCase("California"), TestCase("1")]
    public void What_is_no_states_word_is_none(string? word) =>
        Assert.That(SubscriptionStates.Read(word), Is.Null);
}
