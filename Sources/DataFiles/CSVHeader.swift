/// Reads the first row as the names of the columns, or leaves it to be read as data if it is to be and looks so.
func readColumnNames(from scanner: inout CSVScanner, header: CSVTable.Header) throws(DataFileError) -> [String] {
  let start = scanner
  var fields: [CSVField] = []
  repeat {
    fields.append(try scanner.nextField())
  } while !fields[fields.count - 1].endsRecord

  let placeNames = fields.indices.map { "column\($0 + 1)" }
  if header == .detected, looksLikeData(fields) {
    scanner = start
    return placeNames
  }
  return zip(fields, placeNames).map { field, placeName in
    // pandas writes a blank name for its row labels.
    let name = field.string
    return name.isEmpty ? placeName : name
  }
}

private func looksLikeData(_ fields: [CSVField]) -> Bool {
  guard fields.contains(where: { !$0.text.isEmpty }) else { return false }
  return fields.allSatisfy { field in
    field.text.isEmpty || field.number != nil || standsForMissingNumber(field)
  }
}

/// Such a word in a first row is a bad number: taken for a name, it would make the row disappear without a message.
private func standsForMissingNumber(_ field: CSVField) -> Bool {
  guard field.text.count <= 9 else { return false }
  var word = field.string.lowercased()[...]
  if word.hasPrefix("+") || word.hasPrefix("-") { word = word.dropFirst() }
  return ["nan", "inf", "infinity", "na"].contains(word)
}
