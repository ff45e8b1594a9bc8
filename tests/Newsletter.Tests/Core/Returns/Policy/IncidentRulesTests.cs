using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns.Policy;

public sealed class IncidentRulesTests
{
    private static readonly IncidentRules Rules = IncidentRules.Usual;

    // readers, of whom reached, letters, earlier reached, earlier editions
    [TestCase(20, 0, 40, 0, 0, true, TestName = "Half of a provider's letters are a wave though nothing is known of the time before")]
    [TestCase(19, 0, 19, 0, 0, false, TestName = "Nineteen are none, whatever share they are")]
    [TestCase(20, 0, 41, 0, 0, false, TestName = "Less than half of a first edition is no wave: a list may be stale")]
    [TestCase(200, 0, 500, 0, 5, false, TestName = "Forty of a hundred who never took a letter are a stale list that was read in")]
    [TestCase(200, 150, 3000, 10, 5, true, TestName = "Five of a hundred who took the last letter are a wave")]
    [TestCase(200, 150, 8000, 10, 5, false, TestName = "Two of a hundred are not")]
    [TestCase(200, 150, 3000, 100, 5, false, TestName = "Nor are as many as eight times what is usual is not reached")]
    public void A_provider(long readers, long reached, long letters, long earlier, long editions, bool isWave) =>
        Assert.That(Rules.Look(new(readers, reached, letters, earlier, editions), everywhere: false) is not null, Is.EqualTo(isWave));

    [Test]
    public void From_all_sides_it_takes_three_times_as_many() =>
        Assert.That((Rules.Look(new(59, 59, 59, 0, 1), everywhere: true), Rules.Look(new(60, 60, 60, 0, 1), everywhere: true) is null), Is.EqualTo(((string?)null, false)));

    [Test]
    public void Letters_are_counted_only_at_some_numbers_and_as_far_as_they_matter() =>
        Assert.That((Enumerable.Range(0, 41).Where(n => Rules.IsWorthCounting(n, everywhere: false)), Rules.MostLetters(20)), Is.EqualTo((new[] { 20, 25, 30, 35, 40 }, 667L)));

    /// <summary>2,000 lists by chance, each with an edition that is as always and one with an outage in it: how often the rules are wrong. docs/decisions.md has the figures.</summary>
    [Test]
    public void On_simulated_editions_false_alarms_and_misses_are_few()
    {
        var chance = new Random(20261130);
        var (alarms, first, later) = (0, new Misses(), new Misses());
        for (var list = 0; list < 2000; list++)
        {
            alarms += SimulatedList.Make(chance, outageShare: 0).Run(Rules, chance).IsFound ? 1 : 0;
            var ill = SimulatedList.Make(chance, outageShare: 0.05 + (0.95 * chance.NextDouble()));
            (ill.Editions == 0 ? first : later).Add(ill.Run(Rules, chance), Rules.Readers);
        }
        TestContext.Out.WriteLine($"false alarms {alarms} of 2000; first editions: {first}; later ones: {later}");

        Assert.That(alarms, Is.LessThan(40));
        Assert.That(later.Share, Is.LessThan(0.03));
        Assert.That(first.Share, Is.LessThan(0.5), "less than half of a provider's letters may be a stale list, and nothing is known of the time before");
    }

    private sealed class Misses
    {
        private int missed;
        private int outages;

        public double Share => (double)missed / outages;

        /// <summary>Fewer than a wave are given back by hand.</summary>
        public void Add(SimulatedList.Ran run, int least)
        {
            if (run.Refused < least)
                return;
            outages++;
            missed += run.IsFound ? 0 : 1;
        }

        public override string ToString() => $"{missed} of {outages} outages missed";
    }
}
