using System.Globalization;

namespace Newsletter.Sending;

/// <summary>When an edition does readers and our name more harm than good, and stops by itself.</summary>
/// <param name="Bounces">The share of letters that may fail or come back; 0: no limit.</param>
/// <param name="Complaints">The share that may be complained about; 0: no limit.</param>
/// <param name="After">So many letters have to be settled before shares are looked at.</param>
public sealed record Thresholds(double Bounces, double Complaints, int After)
{
    /// <summary>One complaint is a slip of a finger, whatever share it is.</summary>
    private const int FewestComplaints = 2;

    /// <summary>Nothing stops an edition.</summary>
    public static Thresholds None { get; } = new(0, 0, 1);

    /// <summary>Whether so few that nothing can follow: the letters need not be counted.</summary>
    public bool IsCalm(CameBack back) => !(Bounces > 0 && back.Failed + back.Bounced > Bounces * After) && !(Complaints > 0 && back.Complained >= FewestComplaints);

    /// <summary>Null while all is well. Each threshold stops an edition once: who lets it go on has seen it.</summary>
    /// <param name="tally">Where the deliveries stand.</param>
    /// <param name="back">What came back of those that were sent.</param>
    /// <param name="raised">Kinds that have stopped this edition already, separated by blanks.</param>
    public Alarm? Look(Tally tally, CameBack back, string raised)
    {
        var settled = tally.Sent + tally.Failed;
        if (settled < After)
            return null;
        if (Complaints > 0 && back.Complained >= FewestComplaints && back.Complained > Complaints * settled && !Has(raised, Alarm.OfComplaints))
            return new(Alarm.OfComplaints, Words($"{back.Complained} of {settled} letters were complained about", back.Complained, settled, "PauseAtComplaints", Complaints));
        var lost = tally.Failed + back.Bounced;
        return Bounces > 0 && lost > Bounces * settled && !Has(raised, Alarm.OfBounces)
            ? new(Alarm.OfBounces, Words($"{lost} of {settled} letters failed or came back", lost, settled, "PauseAtBounces", Bounces))
            : null;
    }

    private static bool Has(string raised, string kind) => raised.Split(' ').Contains(kind);

    private static string Words(string what, long count, long settled, string key, double limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} ({100.0 * count / settled:0.0#} %), more than {100 * limit:0.###} % (Sending:{key})");
}

/// <summary>What came back of an edition.</summary>
/// <param name="Failed">Deliveries that the relay refused for good.</param>
/// <param name="Bounced">Readers whose letter was sent and came back.</param>
/// <param name="Complained">Readers who pressed "spam".</param>
public sealed record CameBack(long Failed, long Bounced, long Complained)
{
    /// <summary>Nothing.</summary>
    public static CameBack Nothing { get; } = new(0, 0, 0);
}

/// <summary>A threshold that an edition has passed.</summary>
/// <param name="Kind">Which: a word of the store.</param>
/// <param name="Words">What was seen and which setting says so.</param>
public sealed record Alarm(string Kind, string Words)
{
    /// <summary>Too many letters failed or came back.</summary>
    public const string OfBounces = "bounces";

    /// <summary>Too many readers pressed "spam".</summary>
    public const string OfComplaints = "complaints";
}
