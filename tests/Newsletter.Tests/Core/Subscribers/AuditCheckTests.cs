using CsCheck;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Core.Subscribers;

public sealed class AuditCheckTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly AuditSeal Seal = new(Some.KeyRing());

    private sealed record Row(AuditLine Line, string Hash);

    /// <summary>Words that could run into each other where a line is put together without care.</summary>
    private static readonly string[] Texts = ["", "a", "ab", "b", "pause", "1:a,", ",", ":", "\n", "subscriber 17", "17", "{\"n\":1}", "é", "e\u0301", "😀"];

    private static readonly Gen<string> Words = Gen.Int[0, Texts.Length - 1].Select(i => Texts[i]);

    private static readonly Gen<(long Ms, string Actor, string Act, string Subject, string Detail)[]> Logs =
        Gen.Select(Gen.Long[0, 3], Words, Words, Words, Words).Array[1, 12];

    [Test]
    public void A_log_as_it_was_written_fits_to_its_end() =>
        Logs.Sample(log => Fault(Write(log)) is null, iter: 1000);

    [Test]
    public void Any_single_line_that_was_changed_dropped_put_in_or_put_elsewhere_is_found() =>
        Gen.Select(Logs, Gen.Int[0, 6], Gen.Int[0, 1000], Gen.Int[0, 1000], Words).Sample((log, kind, one, other, words) =>
        {
            var written = Write(log);
            var forged = Forge([.. written], kind, one % written.Count, other % written.Count, words);
            return forged.SequenceEqual(written) || FaultAgainst(written, forged) is not null;
        }, iter: 20_000);

    [Test]
    public void Who_numbers_and_chains_the_rest_anew_is_found_without_the_key()
    {
        var written = Write([.. Enumerable.Range(0, 5).Select(i => ((long)i, "command ada", "pause", $"edition {i}", ""))]);
        var forged = Write([.. Enumerable.Range(1, 4).Select(i => ((long)i, "command ada", "pause", $"edition {i}", ""))], new(new KeyRing(1, new Dictionary<byte, byte[]> { [1] = new byte[32] })));

        Assert.That(FaultAgainst(written, forged), Does.StartWith("line 1 is not as it was written"));
    }

    [Test]
    public void Lines_of_an_older_key_still_fit_and_those_of_a_lost_one_do_not()
    {
        var (old, both) = (new KeyRing(1, new Dictionary<byte, byte[]> { [1] = new byte[32] }), new KeyRing(2, new Dictionary<byte, byte[]> { [1] = new byte[32], [2] = [.. Enumerable.Repeat((byte)7, 32)] }));
        var row = Write([(1, "clock", "retention", "", "")], new(old)).Single();

        Assert.That(new AuditCheck(new(both)).Take(row.Line, row.Hash), Is.Null);
        Assert.That(new AuditCheck(new(new KeyRing(2, new Dictionary<byte, byte[]> { [2] = both.Keys[2] }))).Take(row.Line, row.Hash), Does.Contain("or by a key that is not in the key file any more"));
    }

    /// <summary>The form that the remarks of <see cref="AuditSeal"/> describe, made by hand: who wants to can check a log without this program.</summary>
    [Test]
    public void The_hash_is_the_one_that_is_documented()
    {
        var line = new AuditLine(2, Noon, "command zoë", "pause", "edition 5", "", "1.ab");
        var key = System.Security.Cryptography.HKDF.DeriveKey(System.Security.Cryptography.HashAlgorithmName.SHA256, Some.KeyRing().Keys[1], 32, info: "newsletter audit"u8.ToArray());

        var hash = System.Security.Cryptography.HMACSHA256.HashData(key, "18:newsletter audit 1,1:1,1:2,13:1777896000000,12:command zoë,5:pause,9:edition 5,0:,4:1.ab,"u8);

        Assert.That(Seal.Hash(line), Is.EqualTo($"1.{Convert.ToHexStringLower(hash)}"));
    }

    private static List<Row> Write((long Ms, string Actor, string Act, string Subject, string Detail)[] log, AuditSeal? seal = null)
    {
        var rows = new List<Row>();
        foreach (var (ms, actor, act, subject, detail) in log)
        {
            var line = new AuditLine(rows.Count + 1, Noon.AddMilliseconds(ms), actor, act, subject, detail, rows.Count > 0 ? rows[^1].Hash : "");
            rows.Add(new(line, (seal ?? Seal).Hash(line)));
        }
        return rows;
    }

    private static List<Row> Forge(List<Row> rows, int kind, int one, int other, string words)
    {
        var row = rows[one];
        switch (kind)
        {
            case 0: rows[one] = row with { Line = row.Line with { Act = words } }; break;
            case 1: rows[one] = row with { Line = row.Line with { Actor = row.Line.Actor + words, Subject = words } }; break;
            case 2: rows[one] = row with { Line = row.Line with { At = row.Line.At.AddMilliseconds(other + 1) } }; break;
            case 3: rows[one] = row with { Hash = rows[other].Hash }; break;
            case 4: rows.RemoveAt(one); break;
            case 5: rows.Insert(one, rows[other]); break;
            default: (rows[one], rows[other]) = (rows[other], rows[one]); break;
        }
        return rows;
    }

    private static string? Fault(List<Row> rows) => FaultAgainst(rows, rows);

    /// <summary>What is said of the rows, where the end is that of those which were written.</summary>
    private static string? FaultAgainst(List<Row> written, List<Row> rows)
    {
        var check = new AuditCheck(Seal);
        return rows.Select(row => check.Take(row.Line, row.Hash)).FirstOrDefault(fault => fault is not null)
            ?? check.End(written.Count, written[^1].Hash, Seal.End(written.Count, written[^1].Hash));
    }
}
