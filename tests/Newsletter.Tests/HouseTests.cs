using System.Text.RegularExpressions;

namespace Newsletter.Tests;

/// <summary>The order of the core's rooms (docs/architecture.md): a room looks only at those before it.</summary>
public sealed partial class HouseTests
{
    private static readonly string[] Rooms = ["Addresses", "Issues", "Composing", "Linting", "Subscribers", "Sending", "Replies", "Returns"];

    [Test]
    public void A_room_of_the_core_looks_only_to_its_left()
    {
        var core = Path.Combine(Source.Root, "src", "Newsletter.Core");

        var looks = from file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories)
                    let room = Array.IndexOf(Rooms, Path.GetRelativePath(core, file).Split(Path.DirectorySeparatorChar)[0])
                    where room >= 0
                    from Match match in UsingLine().Matches(File.ReadAllText(file))
                    where Array.IndexOf(Rooms, match.Groups["room"].Value) > room
                    select $"{Path.GetRelativePath(core, file)} looks at {match.Groups["room"].Value}";

        Assert.That(looks, Is.Empty);
    }

    [GeneratedRegex(@"^(global )?using (static )?(\w+ = )?Newsletter\.(?<room>\w+)", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
