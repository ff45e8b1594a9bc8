using System.Diagnostics;
using System.Globalization;

namespace Newsletter.Mailroom;

/// <summary>The name under which a desk claims deliveries: machine, boot and process namespace, process id, when it started, and which desk of the process.</summary>
/// <remarks>So a process can tell at once that another one of the same machine is gone, and need not wait until its claims run out.</remarks>
public static class WorkerName
{
    private static readonly string Place = $"{Environment.MachineName}|{Boot()}";
    private static readonly string Mine = $"{Place}|{Environment.ProcessId}|{StartOf(Environment.ProcessId)}";
    private static int desks;

    /// <summary>A name that nobody has: of this process, for one desk.</summary>
    public static string New() => string.Create(CultureInfo.InvariantCulture, $"{Mine}|{Interlocked.Increment(ref desks)}");

    /// <summary>Whether the worker was in a process of this machine, in this boot, that has ended. Of other machines and containers nothing is known: false.</summary>
    public static bool IsGone(string worker) =>
        worker.StartsWith(Place + "|", StringComparison.Ordinal) && worker.Split('|') is [_, _, var id, var start, _] && int.TryParse(id, CultureInfo.InvariantCulture, out var pid)
        && StartOf(pid) != start; // the number may have gone to another process

    /// <summary>Null where there is no such process, or one that is dead and not yet buried.</summary>
    /// <remarks>On Linux in ticks since boot: .NET's StartTime is reckoned back from the clock, and differs from process to process once the clock was set.</remarks>
    private static string? StartOf(int pid)
    {
        if (OperatingSystem.IsLinux())
            return Stat(pid) is { } stat && stat[0] is not ('Z' or 'X') ? stat.Split(' ')[19] : null;
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : new DateTimeOffset(process.StartTime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException) // no such process, or it ended while we looked
        {
            return null;
        }
    }

    /// <summary>proc_pid_stat(5), from the state on: what stands before is the name, which may hold blanks and brackets.</summary>
    private static string? Stat(int pid)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            return line[(line.LastIndexOf(')') + 2)..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Boot and process namespace: containers may share the name of a machine, and a process id means nothing outside its own.</summary>
    private static string Boot() => OperatingSystem.IsLinux()
        ? $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}|{File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name}".Replace("|", "/", StringComparison.Ordinal)
        : "";
}
