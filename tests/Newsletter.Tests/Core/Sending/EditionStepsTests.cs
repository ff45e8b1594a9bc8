using Newsletter.Sending;

namespace Newsletter.Tests.Core.Sending;

public sealed class EditionStepsTests
{
    [Test]
    public void A_paused_edition_may_only_go_on_or_be_cancelled() =>
        Assert.That(Enum.GetValues<EditionState>().Where(to => EditionSteps.May(EditionState.Paused, to)), Is.EquivalentTo(new[] { EditionState.Running, EditionState.Cancelled }));

    [Test]
    public void A_cancelled_edition_goes_nowhere() =>
        Assert.That(Enum.GetValues<EditionState>().Where(to => EditionSteps.May(EditionState.Cancelled, to)), Is.Empty);

    [Test]
    public void Nothing_completes_but_what_runs() => Assert.That(EditionSteps.Before(EditionState.Complete), Is.EqualTo(new[] { EditionState.Running }));
}
