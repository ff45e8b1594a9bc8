using System.Data.Common;

namespace Newsletter.Mailroom;

/// <summary>A database that is away for a moment: restarted, failing over, out of reach.</summary>
internal static class Outage
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Does the work, again and again while the database is away, up to a minute. The work may have been done and its answer lost: a second time it must change nothing more.</summary>
    public static async Task LastAsync(Func<Task> work)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Pause))
            try
            {
                await work();
                return;
            }
            catch (DbException e) when (e.IsTransient && TimeProvider.System.GetElapsedTime(began) < Longest)
            {
            }
    }
}
