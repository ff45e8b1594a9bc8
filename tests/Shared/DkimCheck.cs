namespace Newsletter.Testing;

/// <summary>What the verifier found about one DKIM-Signature field.</summary>
/// <param name="Domain">Tag d, the signing domain.</param>
/// <param name="Algorithm">Tag a, such as <c>rsa-sha256</c>.</param>
/// <param name="Passes">Whether signature and body hash are right under the key in the zone.</param>
/// <param name="Fault">Why it does not verify, as far as the verifier says; empty when it does.</param>
internal sealed record DkimVerdict(string Domain, string Algorithm, bool Passes, string Fault);

/// <summary>An independent opinion on our DKIM signatures: python3-dkim from Debian's packages, with the test's own DNS zone.</summary>
internal static class DkimCheck
{
    // Debian's own Python: another one on the PATH does not see Debian's packages.
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import re, sys, dkim
        with open(sys.argv[1], encoding="utf-8") as lines:
            zone = dict(line.rstrip("\n").split("\t", 1) for line in lines)

        def answer(name, timeout=5):
            text = zone.get(name.decode().rstrip(".").lower())
            return text.encode() if text is not None else None

        def tag(field, name):
            found = re.search(r"(?:^|;)\s*%s\s*=\s*([^;]*)" % name, field)
            return re.sub(r"\s", "", found.group(1)) if found else ""

        for path in sys.argv[2:]:
            with open(path, "rb") as mail:
                raw = mail.read()
            fields = [value.decode("utf-8", "replace") for name, value in dkim.DKIM(raw).headers if name.lower() == b"dkim-signature"]
            for index, field in enumerate(fields):
                fault = ""
                try:
                    passes = dkim.DKIM(raw).verify(idx=index, dnsfunc=answer)
                    fault = "" if passes else "the signature is wrong"
                except Exception as e:
                    passes, fault = False, "%s: %s" % (type(e).__name__, e)
                print("\t".join([path, tag(field, "d"), tag(field, "a"), "pass" if passes else "fail", " ".join(fault.split())]))
        """;

    /// <summary>The verdicts on every signature of one mail, from top to bottom; none when it has no signature.</summary>
    /// <inheritdoc cref="VerifyAsync(IReadOnlyList{byte[]}, IReadOnlyDictionary{string, string})"/>
    public static async Task<IReadOnlyList<DkimVerdict>> VerifyAsync(byte[] mail, IReadOnlyDictionary<string, string> zone) =>
        (await VerifyAsync([mail], zone))[0];

    /// <summary>The same for many mails, in one process; the verdicts stand in the order of the mails.</summary>
    /// <param name="mails">As they lie in the mailboxes, trace fields and all.</param>
    /// <param name="zone">The text record of each name, such as <c>s1._domainkey.weekly.test</c>.</param>
    /// <remarks>Where python3-dkim is not installed, the test is skipped with the reason.</remarks>
    public static async Task<IReadOnlyList<IReadOnlyList<DkimVerdict>>> VerifyAsync(IReadOnlyList<byte[]> mails, IReadOnlyDictionary<string, string> zone)
    {
        if (await MissingAsync() is { } reason)
            Assert.Ignore(reason);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("verify.py"), Script);
        await File.WriteAllLinesAsync(folder.File("zone"), zone.Select(record => $"{record.Key.ToLowerInvariant()}\t{record.Value}"));
        var paths = mails.Select((_, i) => folder.File($"{i}.eml")).ToArray();
        foreach (var (path, mail) in paths.Zip(mails))
            await File.WriteAllBytesAsync(path, mail);

        var lines = await Machine.RunAsync(Python, [folder.File("verify.py"), folder.File("zone"), .. paths]);

        var verdicts = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToLookup(line => line[0], line => new DkimVerdict(line[1], line[2], line[3] == "pass", line[4]));
        return [.. paths.Select(path => verdicts[path].ToArray())];
    }

    private static async Task<string?> MissingAsync()
    {
        try
        {
            await Machine.RunAsync(Python, "-c", "import dkim, nacl");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "python3-dkim is not installed for /usr/bin/python3 (tests/install)";
        }
    }
}
