using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Newsletter.Testing;

/// <summary>What the tests ask of the machine they run on.</summary>
internal static class Machine
{
    // Debian keeps servers in sbin, which an ordinary user's PATH lacks.
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    private static readonly HashSet<int> GivenPorts = [];

    public static bool IsRoot => Environment.UserName == "root";

    /// <summary>The full path of a program, or null when this machine has none of that name.</summary>
    public static string? Find(string program) =>
        Folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static bool HasUser(string name) => File.ReadLines("/etc/passwd").Any(line => line.StartsWith(name + ":", StringComparison.Ordinal));

    /// <summary>A test that presses Ctrl+C is skipped where it does nothing: a shell that starts the run in the background (<c>tests/run &amp;</c>) has all its children ignore SIGINT.</summary>
    public static void NeedCtrlC()
    {
        const string Ignored = "SigIgn:"; // proc_pid_status(5): a bit for each signal, the lowest is number 1
        var signals = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Ignored, StringComparison.Ordinal))[Ignored.Length..];
        if ((ulong.Parse(signals.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1 << 1) != 0)
            Assert.Ignore("SIGINT is ignored here: the tests were started in the background");
    }

    /// <summary>Runs a program to its end and returns what it wrote to standard output.</summary>
    /// <exception cref="InvalidOperationException">Its exit code was not 0; the message has what it wrote.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start) ?? throw new Win32Exception(program);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}{await errors}");
    }

    /// <summary>A port of 127.0.0.1 for a server that cannot be told to take any; no other call of this run gets it.</summary>
    public static int FreePort()
    {
        while (true)
        {
            // Below the ports from which the kernel serves outgoing connections: none of those can take it in the meantime.
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            lock (GivenPorts)
                if (!GivenPorts.Add(port))
                    continue;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's: the next one.
            }
        }
    }
}
