using System.Runtime.InteropServices;

namespace Newsletter.Cli;

/// <summary>Ctrl+C and SIGTERM: the first asks a verb to stop in order, the second ends the process where it stands.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] Meant = [(PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15)];
    private readonly CancellationTokenSource stop = new();
    private readonly List<PosixSignalRegistration> registrations;
    private int asked;

    public StopSignals() => registrations = [.. Meant.Select(meant => PosixSignalRegistration.Create(meant.Signal, context => Ask(context, meant.Number)))];

    public CancellationToken Token => stop.Token;

    /// <summary>Says on standard error, when a stop is asked for, what is still done.</summary>
    public static IDisposable Announce(TimeSpan atMost, CancellationToken stop) => stop.Register(() =>
        Console.Error.WriteLine(FormattableString.Invariant($"Stopping: letters in hand are finished, for {atMost.TotalSeconds:0.#} s at most (Sending:DrainFor); once more ends at once.")));

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        stop.Dispose();
    }

    private void Ask(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref asked) > 1)
            Environment.Exit(128 + number); // as a shell names a death by that signal
        _ = stop.CancelAsync();
    }
}
