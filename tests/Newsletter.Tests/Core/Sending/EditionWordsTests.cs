using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class EditionWordsTests
{
    private const string Unseen = "its time came 1 h 30 min ago, and newsletter serve does not seem to run";
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Noon.AddMinutes(90);

    [Test]
    public void What_nothing_took_up_at_its_time_is_said_not_to_have_been() => Assert.That(new[]
    {
        EditionWords.Why(AnEdition(EditionState.Scheduled), Later),
        EditionWords.Why(AnEdition(EditionState.Held) with { GoesOnAt = Noon }, Later),
        EditionWords.Why(AnEdition(EditionState.Paused) with { GoesOnAt = Noon, StartedAt = Noon.AddHours(-1) }, Later),
    }, Has.All.EqualTo(Unseen));

    [Test]
    public void What_waits_for_its_time_a_person_or_other_letters_is_not() => Assert.That(new[]
    {
        EditionWords.Why(AnEdition(EditionState.Scheduled), Noon.AddSeconds(30)),
        EditionWords.Why(AnEdition(EditionState.Scheduled) with { StateReason = "letters of edition 1 are in hand still" }, Later),
        EditionWords.Why(AnEdition(EditionState.Held), Later),
        EditionWords.Why(AnEdition(EditionState.Held) with { GoesOnAt = Later.AddMinutes(5) }, Later),
        EditionWords.Why(AnEdition(EditionState.Cancelled) with { GoesOnAt = Noon }, Later),
    }, Is.EqualTo(new[] { "", "letters of edition 1 are in hand still", "", "starts by itself in 5 min 0 s", "" }));

    private static Edition AnEdition(EditionState state) => new(new(1), 1, "0001", "A title", "", state, Noon.AddHours(-2), "", Noon, null, null, 0);
}
