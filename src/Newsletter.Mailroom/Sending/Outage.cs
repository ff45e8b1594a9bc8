using System.Data.Common;

namespace Newsletter.Mailroom;

/// <summary>A database that is away for a moment: restarted, failing over, out of reach.</summary>
internal static class Outage
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Does the work, again and again while the database is away, up to a minute from when it went. The work may have been done and its answer lost: a second time it must change nothing more.</summary>
    /// <param name="work">What is to be done; it may itself take hours.</param>
    /// <param name="time">The clock; null: the machine's.</param>
    public static async Task LastAsync(Func<Task> work, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        for (long? away = null; ; await Task.Delay(Pause, time))
        {
            var began = time.GetTimestamp();
            try
            {
                await work();
                return;
            }
            catch (DbException e) when (e.IsTransient)
            {
                // Who has worked for so long had a database meanwhile: it is away anew.
                if (away is null || time.GetElapsedTime(began) >= Longest)
                    away = time.GetTimestamp();
                else if (time.GetElapsedTime(away.Value) >= Longest)
                    throw;
            }
        }
    }
}
