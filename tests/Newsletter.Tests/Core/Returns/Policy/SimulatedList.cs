using Newsletter.Returns;

namespace Newsletter.Tests.Core.Returns.Policy;

/// <summary>An edition to a list of some providers, each with its share of readers and of dead addresses; one of them may be ill while it goes out.</summary>
/// <param name="Providers">Readers of each, old and new, and the part of each that is dead.</param>
/// <param name="Editions">How many went out before.</param>
/// <param name="Outage">The part of the first provider's letters that it refuses although the readers live; 0: none.</param>
internal sealed record SimulatedList(IReadOnlyList<(int Old, int New, double Churn, double Stale)> Providers, int Editions, double Outage)
{
    /// <summary>What an edition came to.</summary>
    /// <param name="IsFound">Whether the rules saw a wave.</param>
    /// <param name="Refused">How many living readers were refused.</param>
    internal readonly record struct Ran(bool IsFound, int Refused);

    /// <summary>A third of the lists send their first edition, a third have just read in a list of strangers, up to 30 % of whom are dead; of old readers up to 1 % die between two editions.</summary>
    public static SimulatedList Make(Random chance, double outageShare)
    {
        var size = (int)(500 * Math.Pow(100, chance.NextDouble())); // 500 to 50,000
        var editions = chance.Next(3) == 0 ? 0 : chance.Next(1, 9);
        var isImport = chance.Next(3) == 0;
        double[] shares = [0.35, 0.2, 0.1, 0.05, 0.03, 0.02, 0.02, 0.01, 0.01];
        return new([.. shares.Select(share =>
        {
            var readers = (int)(size * share);
            var fresh = editions == 0 ? readers : isImport ? (int)(readers * chance.NextDouble() / 2) : readers / 50;
            return (readers - fresh, fresh, 0.01 * chance.NextDouble(), (isImport || editions == 0 ? 0.3 : 0.03) * chance.NextDouble());
        })], editions, outageShare);
    }

    /// <summary>Sends it, and asks the rules after every refusal as the store does.</summary>
    public Ran Run(IncidentRules rules, Random chance)
    {
        var (found, refused) = (false, 0);
        foreach (var (provider, at) in Providers.Select((provider, at) => (provider, at)))
        {
            var outage = at == 0 ? Outage : 0;
            var earlier = Enumerable.Range(0, Editions).Sum(_ => Dying(provider.Old, provider.Churn, chance));
            var (readers, reached, letters) = (0, 0, 0);
            foreach (var isOld in Letters(provider.Old, provider.New, chance))
            {
                letters++;
                var isDead = chance.NextDouble() < (isOld ? provider.Churn : provider.Stale);
                var isRefused = !isDead && chance.NextDouble() < outage;
                refused += isRefused ? 1 : 0;
                if (!isDead && !isRefused)
                    continue;
                readers++;
                reached += isOld && Editions > 0 ? 1 : 0;
                if (rules.IsWorthCounting(readers, everywhere: false) && rules.Look(new(readers, reached, Math.Min(letters, rules.MostLetters(readers)), earlier, Editions), everywhere: false) is not null)
                    found |= true;
            }
        }
        return new(found, refused);
    }

    private static int Dying(int readers, double churn, Random chance) => Enumerable.Range(0, Math.Min(readers, 2000)).Count(_ => chance.NextDouble() < churn) * Math.Max(1, readers / 2000);

    /// <summary>Old readers and new ones in the order in which they are sent to: the new behind the old, as they were added.</summary>
    private static IEnumerable<bool> Letters(int old, int fresh, Random chance) => chance.Next(2) == 0
        ? Enumerable.Repeat(true, old).Concat(Enumerable.Repeat(false, fresh))
        : Enumerable.Range(0, old + fresh).Select(_ => chance.Next(Math.Max(1, old + fresh)) < old);
}
