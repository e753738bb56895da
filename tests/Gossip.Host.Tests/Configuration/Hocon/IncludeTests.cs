using Gossip.Tests;

namespace Gossip.Host.Tests.Configuration.Hocon;

/// <summary>The specification's chapter on includes, with real files.</summary>
[Row("F1")]
public sealed class IncludeTests : IDisposable
{
    private readonly string _folder =
        Directory.CreateTempSubdirectory("gossip-include-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("include \"b.conf\"", """{"x":1,"y":1}""")]
    [InlineData("include file(\"b.conf\")", """{"x":1,"y":1}""")]
    [InlineData("include required(\"b.conf\")", """{"x":1,"y":1}""")]
    [InlineData("include required( file( \"b.conf\" ) )", """{"x":1,"y":1}""")]
    [InlineData("include\n  \"b.conf\"", """{"x":1,"y":1}""")]
    [InlineData("{ include \"b.conf\", z = 2 }", """{"x":1,"y":1,"z":2}""")]
    [InlineData("include \"b\"", """{"x":1,"y":1,"json":true}""")]
    [InlineData("include classpath(\"built-in.conf\")", """{"r":"in"}""")]
    [InlineData("x { include required(classpath(\"built-in.conf\")) }", """{"x":{"r":"in"}}""")]
    [InlineData("include classpath(\"b.conf\")", "{}")]
    [InlineData("include \"sub/c.conf\"", """{"c":{"d":1}}""")]
    // What stands before is overridden, what stands after overrides.
    [InlineData("x = 0, z = 3\ninclude \"b.conf\"", """{"x":1,"z":3,"y":1}""")]
    [InlineData("include \"b.conf\"\nx = 7", """{"x":7,"y":7}""")]
    // Substitutions of an included file look below the include first, then from the root.
    [InlineData("a { include \"b.conf\" }", """{"a":{"x":1,"y":1}}""")]
    [InlineData("a { include \"b.conf\" }, a { x = 42 }", """{"a":{"x":42,"y":42}}""")]
    [InlineData("a { include \"root.conf\" }, top = 5", """{"a":{"z":5},"top":5}""")]
    [InlineData("a { include \"root.conf\", top = 6 }, top = 5",
        """{"a":{"z":6,"top":6},"top":5}""")]
    [InlineData("a.b { include \"append.conf\" }", """{"a":{"b":{"list":[1,2]}}}""")]
    [InlineData("l = [{ include \"b.conf\" }], x = 9", """{"l":[{"x":1,"y":9}],"x":9}""")]
    // What does not exist says nothing.
    [InlineData("include \"nowhere.conf\"\nz = 1", """{"z":1}""")]
    [InlineData("include file(\"nowhere\")\nz = 1", """{"z":1}""")]
    [InlineData("include \"empty.conf\"\nz = 1", """{"z":1}""")]
    public void A_file_stands_where_it_is_included(string text, string json)
    {
        Write("b.conf", "x = 1, y = ${x}");
        Write("b.json", """{"json":true,"x":0}""");
        Write("sub/c.conf", "c { include \"d.conf\" }");
        Write("sub/d.conf", "d = 1");
        Write("root.conf", "z = ${top}");
        Write("append.conf", "list += 1\nlist = ${list} [2]");
        Write("empty.conf", "");
        if (text == "include \"b\"")
        {
            // JSON is read first, so HOCON's x stands; the order of keys is JSON's.
            json = """{"json":true,"x":1,"y":1}""";
        }

        var (found, errors) = Read(text);
        Assert.Empty(errors);
        Assert.Equal(Hocon.Normal(json), found);
    }

    [Theory]
    [InlineData("include required(\"nowhere.conf\")",
        "a.conf:1:1: 'nowhere.conf' is required and does not exist")]
    [InlineData("x = 1\ninclude \"a.conf\"", "a.conf:2:1: This includes itself: a.conf → a.conf")]
    [InlineData("include \"circle.conf\"",
        "circle.conf:1:1: This includes itself: a.conf → circle.conf → a.conf")]
    [InlineData("include \"list.conf\"", "list.conf:1:1: The file is a list; expected settings")]
    [InlineData("include \"bad.conf\"", "bad.conf:2:5: '&' cannot stand outside quotes")]
    [InlineData("include \"sub\"", "sub' is a directory")]
    [InlineData("include x", "a.conf:1:10: Expected include \"FILE\"")]
    [InlineData("include = 1", "a.conf:1:9: Expected include \"FILE\"")]
    [InlineData("include ${x}", "a.conf:1:9: Expected include \"FILE\"")]
    [InlineData("include \"b.conf\" \"c.conf\"", "\"c.conf\" after the value")]
    [InlineData("include file(\"b.conf\"", "a.conf:1:22: Expected ')'")]
    [InlineData("include url(\"http://x/y\")", "a.conf:1:1: Only files can be included")]
    [InlineData("include required(classpath(\"x\"))", "'x' is required and not part of this")]
    [InlineData("include \"https://x/y.conf\"", "a.conf:1:9: Only files can be included")]
    [InlineData("include \"utf8.conf\"", "utf8.conf:2:1: This line is not valid UTF-8")]
    [InlineData("include \"large.conf\"", "large.conf:1:1: The file has more than 1048576 bytes")]
    [InlineData("include \"twice.0\"", "More than 100 files are included")]
    public void What_cannot_be_included_is_said(string text, string error)
    {
        Write("circle.conf", "include \"a.conf\"");
        Write("list.conf", "[1]");
        Write("bad.conf", "x = 1\ny = &");
        Write("large.conf", new string(' ', 1024 * 1024 + 1));
        File.WriteAllBytes(Path.Combine(_folder, "utf8.conf"), [.. "x=\n"u8, 0xff]);
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        for (var i = 0; i < 20; i++)
        {
            Write($"twice.{i}", $"include \"twice.{i + 1}\"\ninclude \"twice.{i + 1}\"");
        }

        Assert.Contains(Read(text).Errors, e => e.Contains(error, StringComparison.Ordinal));
    }

    private (string Json, IReadOnlyList<string> Errors) Read(string text)
    {
        Write("a.conf", text);
        return Hocon.ReadFile(Path.Combine(_folder, "a.conf"));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
