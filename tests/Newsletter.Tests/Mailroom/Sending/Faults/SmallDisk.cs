using System.Diagnostics;

namespace Newsletter.Tests.Mailroom.Sending.Faults;

/// <summary>A small file system of its own, which root alone can mount: elsewhere the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly bool isMounted;

    /// <summary>Mounts it.</summary>
    /// <param name="size">As mount(8) takes it: 3m.</param>
    public SmallDisk(string size)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder.Path) is var (code, words) && code != 0)
            Assert.Ignore($"no small disk can be mounted here: {words}");
        isMounted = true;
    }

    public string File(string name) => folder.File(name);

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        try
        {
            using var ballast = System.IO.File.OpenWrite(File("ballast"));
            while (true)
                ballast.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void MakeRoom() => System.IO.File.Delete(File("ballast"));

    public void Dispose()
    {
        if (isMounted)
            Run("umount", "--lazy", folder.Path);
        folder.Dispose();
    }

    private static (int Code, string Words) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var words = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, words);
    }
}
