namespace Newsletter.Sending;

/// <summary>Divides letters among relays by weight: each letter moves its relay on by one part of its weight, and a relay that is ahead of the others lets them go first.</summary>
/// <remarks>For one caller at a time. Relays of weight 0 stand by: they go only while no other can.</remarks>
public sealed class Shares
{
    /// <summary>So many letters a relay may be ahead: connections that work side by side need some room.</summary>
    public const int Room = 4;

    private readonly double[] steps;
    private readonly double[] done;
    private readonly bool[] wasThere;

    public Shares(IReadOnlyList<int> weights)
    {
        steps = [.. weights.Select(weight => weight > 0 ? 1.0 / weight : 0)];
        (done, wasThere) = (new double[weights.Count], new bool[weights.Count]);
        IsEven = weights.Distinct().Count() <= 1;
    }

    /// <summary>Whether all weigh the same: then each takes what it can, and nobody waits for a slower one.</summary>
    public bool IsEven { get; }

    /// <summary>Whether a relay may take the next letter.</summary>
    /// <param name="which">The relay; it could take one.</param>
    /// <param name="isThere">Whether another relay could take a letter now.</param>
    public bool MayTake(int which, Func<int, bool> isThere)
    {
        if (IsEven)
            return true;
        Look(i => steps[i] > 0 && (i == which || isThere(i)));
        var others = Enumerable.Range(0, steps.Length).Where(i => i != which && wasThere[i]).Select(i => done[i]).ToList();
        return others.Count == 0 || (steps[which] > 0 && done[which] - others.Min() <= Room * steps[which]);
    }

    /// <summary>A relay has taken a letter.</summary>
    public void Took(int which) => done[which] += steps[which];

    /// <summary>It gave it back.</summary>
    public void GaveBack(int which) => done[which] -= steps[which];

    /// <summary>Who was away has no claim to what went meanwhile: it goes on where the last of the others is.</summary>
    private void Look(Func<int, bool> isThere)
    {
        var stayed = Enumerable.Range(0, steps.Length).Where(i => wasThere[i] && isThere(i)).Select(i => done[i]).ToList();
        for (var i = 0; i < steps.Length; i++)
        {
            if (isThere(i) && !wasThere[i] && stayed.Count > 0)
                done[i] = Math.Max(done[i], stayed.Min());
            wasThere[i] = isThere(i);
        }
    }
}
