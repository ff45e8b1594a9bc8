using Newsletter.Sending;
using Newsletter.Web;

namespace Newsletter.Tests.Web;

/// <summary>The buttons of an edition's page: only what can be done.</summary>
public sealed class EditionVerbTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [TestCase(true, "Subject a to the others, Subject b to the others, Hold, Cancel …")]
    [TestCase(false, "Subject a to the others, Subject b to the others, Cancel …")]
    public void What_waits_for_its_winner_can_be_held_where_the_clock_would_let_it_go_on(bool goesOn, string labels)
    {
        var edition = new Edition(new(1), 1, "0001", "A title", "", EditionState.Paused, Noon, "", Noon, Noon, null, 10)
        {
            HasTwoSubjects = true, IsBetweenWaves = true, Wave = Waves.Rest, GoesOnAt = goesOn ? Noon.AddHours(4) : null,
        };

        Assert.That(string.Join(", ", EditionVerb.Of(new(edition, new(), Noon)).Select(verb => verb.Label)), Is.EqualTo(labels));
    }
}
