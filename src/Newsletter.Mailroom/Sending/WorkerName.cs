using System.Diagnostics;
using System.Globalization;

namespace Newsletter.Mailroom;

/// <summary>The name of a process under which it claims deliveries: machine, boot, process id, and when it started.</summary>
/// <remarks>So a process can tell at once that another one of the same machine is gone, and need not wait until its claims run out.</remarks>
public static class WorkerName
{
    private static readonly string Place = $"{Environment.MachineName}|{Boot()}";

    /// <summary>Of this process.</summary>
    public static string Mine { get; } = Of(Process.GetCurrentProcess());

    /// <summary>Whether the worker was a process of this machine, in this boot, that has ended. Of other machines nothing is known: false.</summary>
    public static bool IsGone(string worker)
    {
        if (!worker.StartsWith(Place + "|", StringComparison.Ordinal) || worker.Split('|') is not [_, _, var id, _] || !int.TryParse(id, CultureInfo.InvariantCulture, out var pid))
            return false;
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited || Of(process) != worker; // the number may have gone to another process
        }
        catch (ArgumentException) { return true; } // GetProcessById: no such process
        catch (InvalidOperationException) { return true; } // it ended while we looked
    }

    private static string Of(Process process) =>
        string.Create(CultureInfo.InvariantCulture, $"{Place}|{process.Id}|{new DateTimeOffset(process.StartTime).ToUnixTimeSeconds()}");

    private static string Boot()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
