namespace Newsletter.Mailroom;

/// <summary>What a relay is like, as far as it decides how many letters go on a line: steady (with a line all letters on it are in doubt, and not one alone), and quick.</summary>
internal sealed class RelayManner
{
    /// <summary>So many letters in a row show that a relay loses no lines.</summary>
    public const int Steady = 5000;

    private const int Patient = 4; // times the work: a relay on this machine works while we wait, and takes its processors from us

    /// <summary>Of so much of their time it is asked whether lines work or wait: long enough that a small stumble of this machine decides nothing.</summary>
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(1);

    private int answers; // since the last trouble
    private bool isSlow; // as was found when there were few lines
    private TimeSpan waits;
    private TimeSpan works;

    /// <summary>Told of letters that were answered; whether few lines may carry several letters each from here on.</summary>
    /// <param name="letters">How many.</param>
    /// <param name="waited">For how long their line waited for the relay.</param>
    /// <param name="worked">What else of its time it took.</param>
    /// <param name="areFew">Whether there are few lines now. Many wait for one another, which says nothing of the relay.</param>
    public bool AllowsFew(int letters, TimeSpan waited, TimeSpan worked, bool areFew)
    {
        answers = Math.Min(answers + letters, Steady);
        (waits, works) = areFew ? (waits + waited, works + worked) : (TimeSpan.Zero, TimeSpan.Zero);
        if (waits + works >= Sample)
        {
            isSlow |= waits > works * Patient;
            (waits, works) = (TimeSpan.Zero, TimeSpan.Zero);
        }
        return answers == Steady && !isSlow;
    }

    /// <summary>Whether the relay is a slow one, an answer having been waited for so long; that is remembered, whatever came before.</summary>
    public bool IsSlowAfter(TimeSpan wait) => isSlow |= wait > Sample;

    /// <summary>A line had trouble: it has to show again that it is steady.</summary>
    public void Suffer() => answers = 0;

    /// <summary>It may have become a quick one.</summary>
    public void Forget() => isSlow = false;
}
