using NUnit.Framework.Internal;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>A relay's time-out that a test has to wait for.</summary>
internal static class TimeOut
{
    /// <summary>No machine is so slow that a loopback relay needs as long for an answer.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    /// <summary>Goes through the test with a brief time-out, since it is waited for. A busy machine may be too slow for it, and then answers that were given in time look late: so what fails has to pass with a long one.</summary>
    public static async Task TryAsync(TimeSpan brief, Func<TimeSpan, Task> test)
    {
        try
        {
            using var apart = new TestExecutionContext.IsolatedContext(); // NUnit keeps a failed assertion even where it is caught
            await test(brief);
            return;
        }
        catch (Exception e) when (e is not IgnoreException)
        {
            await TestContext.Out.WriteLineAsync($"with a time-out of {brief.TotalMilliseconds} ms: {e.Message}");
        }
        await test(Long);
    }
}
